"""Each fault that can be planted in the shop changes what it says it changes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, async_playwright

from assay.browser.launch import launch
from assay_shop.faults import WHAT, Fault, parse_faults
from tests.shop.shopper import ADDRESS, SHOPPER, Visit, buy, fill_cart, totals


@contextmanager
def served(data: Path, *flags: str) -> Iterator[str]:
    """The address of a shop in a process of its own, which ends with its standard input."""
    command = [sys.executable, "-m", "assay_shop", "--data", str(data), "--until-stdin-closes"]
    with subprocess.Popen(
        [*command, *flags], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        yield json.loads(process.stdout.readline())["url"]
        process.stdin.close()
        assert process.wait(timeout=60) == 0


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser, _ = await launch(playwright)
        yield await browser.new_page()
        await browser.close()


def test_faults_have_names() -> None:
    assert parse_faults(["dead-button, wrong-total", ""]) == {Fault.DEAD_BUTTON, Fault.WRONG_TOTAL}
    with pytest.raises(ValueError, match="unknown fault dead-buton"):
        parse_faults(["dead-buton"])
    assert set(WHAT) == set(Fault)


async def test_wrong_total(visit: Visit) -> None:
    shop = await visit("wrong-total")
    await fill_cart(shop)
    assert totals(await shop.get("/cart"))["Total"] == "$83.90"


async def test_lost_form_value(visit: Visit) -> None:
    shop = await visit("lost-form-value")
    await shop.post("/sign-in", data=SHOPPER)
    page = await shop.post("/account/profile", data={"name": "Sam Smith"})
    assert 'value="Sam Shopper"' in page.text
    await fill_cart(shop)
    await shop.post("/checkout/address", data=ADDRESS)
    assert "Oxford" not in (await shop.get("/checkout/address")).text


async def test_server_error(visit: Visit) -> None:
    shop = await visit("server-error")
    assert (await buy(shop)).status_code == 500


async def test_validation_missing(visit: Visit) -> None:
    shop = await visit("validation-missing")
    page = await shop.post("/sign-in", data=SHOPPER | {"password": "wrong"})
    assert page.url.path == "/sign-in"
    assert "not right" not in page.text
    await fill_cart(shop)
    assert (await shop.post("/checkout/address", data={})).url.path == "/checkout/delivery"


async def test_broken_link(visit: Visit) -> None:
    shop = await visit("broken-link")
    await fill_cart(shop)
    assert 'href="/check-out"' in (await shop.get("/cart")).text
    assert (await shop.get("/check-out")).status_code == 404


async def test_wrong_redirect(visit: Visit) -> None:
    shop = await visit("wrong-redirect")
    assert (await shop.post("/sign-in", data=SHOPPER)).url.path == "/"


async def test_the_product_page_in_a_browser(page: Page, tmp_path: Path) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.message))
    with served(tmp_path) as url:
        await page.goto(f"{url}/products/desk-lamp")
        await page.get_by_label("Quantity").fill("2")
        await page.get_by_role("button", name="Add to cart").click()
        await page.get_by_text("Desk lamp was added to your cart.").wait_for()
        assert await page.get_by_role("link", name="Cart (2)").is_visible()
        frame = page.frame_locator("iframe")
        await frame.get_by_label("Your postcode").fill("OX1")
        await frame.get_by_role("button", name="Check delivery").click()
        await frame.get_by_text("Delivery to OX1 takes").wait_for()
        await page.get_by_role("heading", name="Desk lamp").click()
        await page.keyboard.press("/")
        assert await page.get_by_label("Search products").evaluate(
            "box => box === document.activeElement"
        )
    assert errors == []


async def test_dead_button_and_console_error_in_a_browser(page: Page, tmp_path: Path) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.message))
    with served(tmp_path, "--fault", "dead-button,console-error") as url:
        await page.goto(f"{url}/products/desk-lamp")
        await page.get_by_role("button", name="Add to cart").click()
        await page.goto(f"{url}/cart")
        assert await page.get_by_text("Your cart is empty.").is_visible()
    assert len(errors) == 2


async def test_the_delete_dialog_in_a_browser(page: Page, tmp_path: Path) -> None:
    with served(tmp_path) as url:
        await page.goto(f"{url}/sign-in?next=/admin/products")
        await page.get_by_label("Email address").fill("admin@example.com")
        await page.get_by_label("Password", exact=True).fill("admin-Pass1")
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("button", name="Delete Wool throw").click()
        await page.get_by_role("button", name="Keep it").click()
        await page.get_by_role("button", name="Delete Wool throw").click()
        await page.get_by_role("button", name="Delete product").click()
        await page.get_by_text("Wool throw was deleted.").wait_for()


def test_the_process_keeps_its_data_until_it_is_reset(tmp_path: Path) -> None:
    with served(tmp_path) as url, httpx.Client(base_url=url, follow_redirects=True) as shop:
        shop.post("/sign-in", data=SHOPPER)
        shop.post("/account/profile", data={"name": "Sam Smith"})
        session = shop.cookies["shop_session"]
    for flags, known, name in (([], 200, "Sam Smith"), (["--reset"], 303, "Sam Shopper")):
        with served(tmp_path, *flags) as url, httpx.Client(base_url=url) as shop:
            shop.cookies["shop_session"] = session
            assert shop.get("/account").status_code == known
            page = shop.post("/sign-in", data=SHOPPER, follow_redirects=True)
            assert f"Welcome back, {name}." in page.text


def test_an_unknown_fault_is_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assay_shop", "--fault", "nonsense"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "unknown fault nonsense" in done.stderr
