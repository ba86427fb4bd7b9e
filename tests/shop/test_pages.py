"""The sample shop as its visitors see it, without a browser."""

from __future__ import annotations

import re

import pytest

from assay_shop.catalogue import PRODUCTS
from tests.shop.shopper import ADDRESS, ADMIN, CARD, SHOPPER, Visit, buy, fill_cart, names, totals


async def test_sign_in_leads_to_the_account_or_where_it_was_asked_for(visit: Visit) -> None:
    shop = await visit()
    page = await shop.post("/sign-in", data=SHOPPER)
    assert page.url.path == "/account"
    assert "Welcome back, Sam Shopper." in page.text
    await shop.post("/sign-out")
    page = await shop.get("/account/profile")
    assert str(page.url.query, "ascii") == "next=/account/profile"
    page = await shop.post("/sign-in", data=SHOPPER | {"next": "/account/profile"})
    assert page.url.path == "/account/profile"


@pytest.mark.parametrize("elsewhere", ["//evil.test", "https://evil.test", "/\\evil.test"])
async def test_sign_in_never_leads_to_another_site(visit: Visit, elsewhere: str) -> None:
    shop = await visit()
    page = await shop.post("/sign-in", data=SHOPPER | {"next": elsewhere})
    assert (page.url.host, page.url.path) == ("shop.test", "/account")


async def test_sign_in_says_what_is_wrong_and_keeps_the_address(visit: Visit) -> None:
    shop = await visit()
    page = await shop.post("/sign-in", data={"email": "nobody", "password": ""})
    assert page.status_code == 400
    assert "Enter a valid email address, such as name@example.com." in page.text
    assert "Enter your password." in page.text
    page = await shop.post("/sign-in", data=SHOPPER | {"password": "wrong"})
    assert "The email address or the password is not right." in page.text
    assert 'value="shopper@example.com"' in page.text


async def test_sign_up_makes_an_account_once(visit: Visit) -> None:
    shop = await visit()
    form = {"name": "New Person", "email": "new@example.com", "password": "long-enough"}
    page = await shop.post("/sign-up", data=form | {"password_again": "other"})
    assert "The two passwords are not the same." in page.text
    assert "Agree to the terms to create an account." in page.text
    form |= {"password_again": "long-enough", "terms": "on"}
    page = await shop.post("/sign-up", data=form)
    assert page.url.path == "/account"
    assert "Your account was created." in page.text
    await shop.post("/sign-out")
    page = await shop.post("/sign-up", data=form)
    assert "There is already an account with this email address." in page.text


async def test_the_catalogue_searches_filters_sorts_and_pages(visit: Visit) -> None:
    shop = await visit()
    assert names(await shop.get("/products?q=kettle")) == ["Enamel kettle"]
    cheap = await shop.get("/products?category=Kitchen&max=25&sort=price-desc")
    assert names(cheap) == ["Bread knife", "Spice mill", "Tea strainer"]
    pages = [names(await shop.get(f"/products?sort=name&page={n}")) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [9, 9, len(PRODUCTS) - 18]
    shown = [name for page in pages for name in page]
    assert shown == sorted((p.name for p in PRODUCTS), key=str.casefold)
    assert "Nothing matches." in (await shop.get("/products?q=zeppelin")).text


async def test_the_cart_adds_changes_and_removes(visit: Visit) -> None:
    shop = await visit()
    assert "Your cart is empty." in (await shop.get("/cart")).text
    await fill_cart(shop)
    page = await shop.get("/cart")
    assert totals(page) == {"Subtotal": "$86.90", "Shipping": "$4.90", "Total": "$91.80"}
    page = await shop.post("/cart/change", data={"slug": "enamel-kettle", "quantity": "3"})
    assert totals(page) == {"Subtotal": "$126.40", "Shipping": "Free", "Total": "$126.40"}
    page = await shop.post("/cart/change", data={"slug": "enamel-kettle", "remove": "1"})
    assert "Enamel kettle" not in page.text


async def test_a_script_that_adds_to_the_cart_gets_json(visit: Visit) -> None:
    shop = await visit()
    wanted = {"Accept": "application/json"}
    answer = await shop.post("/cart/items", data={"slug": "door-mat"}, headers=wanted)
    assert answer.json() == {"message": "Door mat was added to your cart.", "count": 1}
    answer = await shop.post("/cart/items", data={"slug": "pruning-shears"}, headers=wanted)
    assert (answer.status_code, answer.json()["message"]) == (400, "This product is sold out.")


async def test_checkout_ends_with_an_order_in_the_account(visit: Visit) -> None:
    shop = await visit()
    await shop.post("/sign-in", data=SHOPPER)
    page = await buy(shop)
    number = re.search(r"SO-\d+", page.text)
    assert "Thank you for your order" in page.text
    assert number
    assert totals(page)["Total"] == "$96.80"
    assert number[0] in (await shop.get("/account")).text
    assert "1 High Street, OX1 1AA Oxford" in (await shop.get(f"/orders/{number[0]}")).text
    assert "Your cart is empty." in (await shop.get("/cart")).text


async def test_checkout_cannot_be_skipped_and_says_what_is_wrong(visit: Visit) -> None:
    shop = await visit()
    await fill_cart(shop)
    assert (await shop.get("/checkout/payment")).url.path == "/checkout/address"
    page = await shop.post("/checkout/address", data=ADDRESS | {"city": "", "postcode": "?"})
    assert "Enter your city." in page.text
    assert "Enter a postcode of 3 to 10 letters or digits." in page.text
    assert 'value="1 High Street"' in page.text
    await shop.post("/checkout/address", data=ADDRESS)
    await shop.post("/checkout/delivery", data={"delivery": "pickup"})
    declined = CARD | {"card_number": "4000 0000 0000 0002", "expiry": "01/20"}
    page = await shop.post("/checkout/payment", data=declined)
    assert "Your card was declined. Try another card." in page.text
    assert "Enter a date in the future as MM/YY." in page.text


async def test_an_order_is_seen_by_its_buyer_alone(visit: Visit) -> None:
    shop = await visit()
    number = (await buy(shop)).url.path.split("/")[2]
    shop.cookies.clear()
    assert (await shop.get(f"/orders/{number}/thanks")).status_code == 404
    await shop.post("/sign-in", data=SHOPPER)
    assert (await shop.get(f"/orders/{number}")).status_code == 404


async def test_the_profile_keeps_what_was_typed(visit: Visit) -> None:
    shop = await visit()
    await shop.post("/sign-in", data=SHOPPER)
    page = await shop.post("/account/profile", data={"name": "Sam Smith", "phone": "none"})
    assert page.status_code == 400
    assert 'value="Sam Smith"' in page.text
    page = await shop.post("/account/profile", data={"name": "Sam Smith", "phone": "020 79460000"})
    assert "Your profile was saved." in page.text
    assert "Sam Smith" in (await shop.get("/account")).text


async def test_the_contact_form_takes_a_file(visit: Visit) -> None:
    shop = await visit()
    form = {"name": "A", "email": "a@example.com", "topic": "An order", "message": "Where is it?"}
    page = await shop.post("/contact", data=form, files={"attachment": ("note.txt", b"hello")})
    assert "Thank you for your message" in page.text
    assert "Attached: note.txt" in page.text
    page = await shop.post("/contact", data=form | {"topic": "", "message": "short"})
    assert "Choose what it is about." in page.text
    assert "Write a message of at least 10 characters." in page.text


async def test_the_admin_area_is_for_administrators(visit: Visit) -> None:
    shop = await visit()
    assert (await shop.get("/admin/products")).url.path == "/sign-in"
    await shop.post("/sign-in", data=SHOPPER)
    assert (await shop.get("/admin/products")).status_code == 403
    await shop.post("/sign-in", data=ADMIN)
    form = {"name": "Door mat", "category": "Home", "price": "nothing", "stock": "5"}
    page = await shop.post("/admin/products/door-mat", data=form)
    assert "Enter a price above 0, such as 12.50." in page.text
    page = await shop.post("/admin/products/door-mat", data=form | {"price": "19.5"})
    assert "Door mat was saved." in page.text
    assert "$19.50" in (await shop.get("/products/door-mat")).text
    page = await shop.post("/admin/products/door-mat/delete")
    assert "Door mat was deleted." in page.text
    assert (await shop.get("/products/door-mat")).status_code == 404


async def test_the_admin_moves_orders_on(visit: Visit) -> None:
    shop = await visit()
    number = (await buy(shop)).url.path.split("/")[2]
    await shop.post("/sign-in", data=ADMIN)
    page = await shop.post(f"/admin/orders/{number}", data={"status": "Sent"})
    assert f"Order {number} is now Sent." in page.text


async def test_a_forged_session_is_no_session(visit: Visit) -> None:
    shop = await visit()
    await shop.post("/sign-in", data=SHOPPER)
    body, _, signature = shop.cookies["shop_session"].rpartition(".")
    shop.cookies.clear()
    shop.cookies["shop_session"] = f"{body}.{signature[::-1]}"
    assert (await shop.get("/account")).url.path == "/sign-in"


async def test_every_link_of_the_shop_leads_somewhere(visit: Visit) -> None:
    shop = await visit()
    await shop.post("/sign-in", data=ADMIN)
    await fill_cart(shop)
    seen, waiting = set[str](), ["/", "/cart"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        page = await shop.get(path)
        assert page.status_code == 200, path
        waiting += [p for p in re.findall(r'(?:href|src)="(/[^"#?]*)', page.text) if p not in seen]
    assert len(seen) > 40
