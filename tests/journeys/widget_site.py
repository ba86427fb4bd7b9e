"""A site with what the plain style has lines for beyond single elements: tabs, waiting, an API."""

from __future__ import annotations

from tests.browser.site import Site

_START = """<title>Widget works</title><main><h1>Widgets</h1><p id=out></p>
<script>const say = (text) => { out.textContent += ' ' + text + '.'; };</script>
<button onclick="say('clicked')">Click me</button>
<a href=/second target=_blank>New tab</a>
<button onclick="open('/second', 'own', 'width=300,height=300')">New window</button>
</main>"""
_SECOND = """<title>Second</title><h1>Second page</h1>
<button onclick="this.after(' pressed')">Press here</button>
<button onclick="window.close()">Done here</button>"""


def fill(site: Site) -> None:
    """Put the pages in place."""
    site.pages["/"] = _START
    site.pages["/second"] = _SECOND
    site.pages["/third"] = "<title>Third</title><h1>Third page</h1>"
