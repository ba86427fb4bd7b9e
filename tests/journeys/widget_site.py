"""A site with what the plain style has lines for beyond single elements: tabs, waiting, an API."""

from __future__ import annotations

import json

from tests.browser.site import Answer, Asked, Site

_START = """<title>Widget works</title><main><h1>Widgets</h1><p id=out></p>
<script>const say = (text) => { out.textContent += ' ' + text + '.'; };</script>
<button onclick="say('clicked')">Click me</button>
<button onclick="setTimeout(() => say('Saved'), 400)">Save it</button>
<button id=undo onclick="setTimeout(() => this.remove(), 400)">Undo</button>
<a href=/second target=_blank>New tab</a>
<button onclick="open('/second', 'own', 'width=300,height=300')">New window</button>
<button onclick="spin.hidden = false; setTimeout(() => { spin.remove(); say('loaded'); }, 700)">Load
</button><p id=spin hidden>Loading widgets</p>
<p>Price: <b data-kind=net>$42.50</b></p><p>Order number <span id=order></span></p>
<script>order.textContent = 'AB-' + Math.floor(1000 + Math.random() * 9000);</script>
<label>Name <input value=Bob></label> <label>Copy of name <input id=copy></label>
<button onclick="say('found ' + copy.value)">Look up</button>
<button onclick="fetch('/api/items').then((got) => got.json()).then((all) => say('there are ' +
 all.items.length))">Ask</button>
<table><caption>Goods</caption><thead><tr><th>Product<th>Price</thead><tbody><tr><td>Mug<td>$5.00
<tr><td>Bowl<td>$7.50</tbody></table><ul aria-label=Todo><li>Buy milk<li>Walk dog</ul>
<a href=/list.csv download>Get the list</a> <a href=/third>Third</a>
<div style="height:1800px"></div><p>The very end</p>
<script>onscroll = () => { onscroll = null; say('scrolled'); };</script></main>"""
_SECOND = """<title>Second</title><h1>Second page</h1>
<button onclick="this.after(' pressed')">Press here</button>
<button onclick="window.close()">Done here</button>"""


def fill(site: Site) -> None:
    """Put the pages in place."""
    site.pages["/"] = _START
    site.pages["/second"] = _SECOND
    site.pages["/list.csv"] = Answer(
        b"name,price\nMug,5\n", 200, "text/csv", {"Content-Disposition": "attachment"}
    )
    site.pages["/api/items"] = _items
    site.pages["/drawn"] = (
        "<title>Drawn</title><h1>Drawn</h1><canvas aria-label='Sales chart' width=90></canvas>"
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' width=40 height=40 alt='A boat'>"
        "<secret-part style='display:block;width:50px;height:20px'></secret-part><script>"
        "document.querySelector('secret-part').attachShadow({ mode: 'closed' }).innerHTML ="
        " '42 sales';</script>"
    )
    site.pages["/large"] = (
        "<title>Large</title><h1>Large</h1><main></main><script>"
        "const main = document.querySelector('main'); main.innerHTML = '<p>More</p>'.repeat(4200);"
        "main.insertAdjacentHTML('beforeend', '<button>Go on</button>');"
        "main.lastChild.onclick = () => { main.insertAdjacentHTML('beforeend',"
        " '<button>Last</button>'); };</script>"
    )
    site.pages["/wrong"] = (
        "<title>Wrong</title><h1>Wrong</h1><p id=out></p>"
        "<button onclick=\"console.error('Out of widgets'); out.textContent='Said'\">"
        "Complain</button>"
        "<button onclick=\"fetch('/nothing'); out.textContent='Asked'\">Ask in vain</button>"
    )
    site.pages["/third"] = "<title>Third</title><h1>Third page</h1>"


def _items(asked: Asked) -> Answer:
    """A small API: lists what there is, and takes one more with a name."""
    kind = "application/json"
    if asked.method == "GET":
        return Answer(b'{"items": [{"name": "Mug"}, {"name": "Bowl"}]}', 200, kind)
    sent = json.loads(asked.body) if asked.headers.get("content-type") == kind else {}
    if not sent.get("name"):
        return Answer(b'{"error": "A name is needed"}', 422, kind)
    return Answer(json.dumps({"id": 3, "name": sent["name"]}).encode(), 201, kind)
