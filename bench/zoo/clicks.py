"""Controls that take one click, or several, and do not look like links or buttons."""

from __future__ import annotations

from bench.zoo.exhibit import Exhibit

_GO = "location.href = '@GO';"

EXHIBITS = (
    Exhibit("div-onclick", f'<div onclick="{_GO}">Prices</div>'),
    Exhibit(
        "div-listener",
        f"""<div id="tile"><b>Weather</b></div><script>
        document.getElementById('tile').addEventListener('click', () => {{ {_GO} }});</script>""",
    ),
    Exhibit(
        "delegated-listener",
        """<p>Our houses:</p><p><span data-house="7">Harbour house</span></p><script>
        document.addEventListener('click', (event) => {
          if (event.target.closest('[data-house]')) location.href = '@GO';
        });</script>""",
    ),
    Exhibit(
        "role-button",
        f"""<span role="button" tabindex="0">Opening hours</span><script>
        document.querySelector('[role=button]').addEventListener('click', () => {{ {_GO} }});
        </script>""",
    ),
    Exhibit(
        "pointer-only",
        """<style>.tile { cursor: pointer; width: 200px; border: 1px solid }</style>
        <div class="tile">Gallery</div><script>
        document.body.addEventListener('click', (event) => {
          if (event.target.className === 'tile') location.href = '@GO';
        });</script>""",
    ),
    Exhibit(
        "data-href",
        """<button data-href="@GO">Next chapter</button><script>
        for (const one of document.querySelectorAll('[data-href]')) {
          one.addEventListener('click', () => { location.href = one.dataset.href; });
        }</script>""",
    ),
    Exhibit(
        "nameless-icon",
        f"""<button style="width:30px;height:30px"><i></i></button><script>
        document.querySelector('button').onclick = () => {{ {_GO} }};</script>""",
    ),
    Exhibit(
        "table-row",
        f"""<table><thead><tr><th>Order</th><th>State</th></tr></thead><tbody>
        <tr class="row"><td>1001</td><td>Open</td></tr></tbody></table><script>
        document.querySelector('.row').addEventListener('click', () => {{ {_GO} }});</script>""",
    ),
    Exhibit(
        "custom-element",
        f"""<fancy-link>Handbook</fancy-link><script>
        customElements.define('fancy-link', class extends HTMLElement {{
          connectedCallback() {{ this.addEventListener('click', () => {{ {_GO} }}); }}
        }});</script>""",
    ),
    Exhibit(
        "label-toggle",
        """<style>#more, .panel { display: none } #more:checked ~ .panel { display: block }</style>
        <input type="checkbox" id="more"><label for="more">Read on</label>
        <div class="panel"><a href="@GO">The rest</a></div>""",
    ),
    Exhibit("details", '<details><summary>Delivery</summary><a href="@GO">Tariffs</a></details>'),
    Exhibit(
        "accordion",
        """<style>.body { display: none } .open .body { display: block }</style>
        <div class="item"><h3>Question one</h3><div class="body">An answer.</div></div>
        <div class="item"><h3>Question two</h3><div class="body"><a href="@GO">Guide</a></div></div>
        <script>for (const head of document.querySelectorAll('h3')) {
          head.addEventListener('click', () => head.parentNode.classList.toggle('open'));
        }</script>""",
    ),
    Exhibit(
        "tabs",
        """<div role="tablist"><button role="tab" aria-selected="true">Overview</button>
        <button role="tab" aria-selected="false">History</button></div>
        <div role="tabpanel">An overview.</div><script>
        const tabs = [...document.querySelectorAll('[role=tab]')];
        tabs.forEach((tab, index) => { tab.onclick = () => {
          tabs.forEach((one) => one.setAttribute('aria-selected', String(one === tab)));
          document.querySelector('[role=tabpanel]').innerHTML = index
            ? '<a href="@GO">Founding</a>' : 'An overview.';
        }; });</script>""",
    ),
    Exhibit(
        "modal",
        """<button id="open">Show the terms</button>
        <div id="box" role="dialog" aria-modal="true" hidden><p>Terms</p>
        <a href="@GO">Full text</a></div><script>
        document.getElementById('open').onclick = () => {
          document.getElementById('box').hidden = false; };</script>""",
    ),
    Exhibit(
        "dialog-element",
        f"""<button id="open">About</button><dialog><p>About us</p>
        <button id="on">Continue</button></dialog><script>
        document.getElementById('open').onclick = () =>
          document.querySelector('dialog').showModal();
        document.getElementById('on').onclick = () => {{ {_GO} }};</script>""",
    ),
    Exhibit(
        "alert-first",
        f"""<button id="b">Directions</button><script>
        document.getElementById('b').onclick = () => {{ alert('You leave the map.'); {_GO} }};
        </script>""",
    ),
    Exhibit(
        "confirm-first",
        f"""<button id="b">Old issues</button><script>
        document.getElementById('b').onclick = () => {{
          if (confirm('Open the archive of old issues?')) {{ {_GO} }}
        }};</script>""",
    ),
    Exhibit(
        "cookie-banner",
        """<a href="@GO">Catalogue</a>
        <div id="veil" style="position:fixed;inset:0;background:#0008;z-index:999">
        <div style="background:#fff;padding:2em">We use cookies. <button>Accept</button></div></div>
        <script>document.querySelector('#veil button').onclick = () => {
          document.getElementById('veil').remove(); fetch('@HOME/consent'); };
        document.querySelector('a').addEventListener('click', (event) => {
          if (document.getElementById('veil')) event.preventDefault(); });</script>""",
        {"consent": "ok"},
    ),
    Exhibit(
        "hamburger",
        """<style>.bars { width: 30px } .bars i { display: block; height: 3px; margin: 4px;
          background: #000 } nav { position: fixed; left: -300px; width: 250px }
          nav.in { left: 0 }</style>
        <div class="bars"><i></i><i></i><i></i></div><nav><a id="t" href="#">Team</a></nav><script>
        document.querySelector('.bars').addEventListener('click', () => {
          document.querySelector('nav').classList.toggle('in'); });
        document.getElementById('t').addEventListener('click', (event) => {
          event.preventDefault();
          location.href = '@GO'; });</script>""",
    ),
    Exhibit(
        "nested-menu",
        f"""<style>ul ul {{ display: none }} li.open > ul {{ display: block }}</style>
        <ul><li><span>File</span><ul><li><span>Export</span><ul><li>
        <span class="leaf">As text</span></li></ul></li></ul></li></ul><script>
        for (const one of document.querySelectorAll('span')) {{
          one.addEventListener('click', () => {{
            if (one.className === 'leaf') {{ {_GO} }}
            one.parentNode.classList.toggle('open');
          }});
        }}</script>""",
    ),
    Exhibit(
        "pagination",
        """<ul id="rows"></ul><button id="next">Next</button><script>
        let page = 1;
        function draw() {
          let text = '';
          for (let i = 1; i <= 3; i++) text += `<li>Row ${(page - 1) * 3 + i}</li>`;
          if (page === 4) text = '<li><a href="@GO">Row 10</a></li>';
          document.getElementById('rows').innerHTML = text;
        }
        document.getElementById('next').onclick = () => { if (page < 4) page += 1; draw(); };
        draw();</script>""",
    ),
    Exhibit(
        "load-more",
        """<ul id="rows"><li>First</li></ul><button id="more">Load more</button><script>
        document.getElementById('more').onclick = () => fetch('@HOME/rows')
          .then((answer) => answer.text()).then((text) => {
            document.getElementById('rows').insertAdjacentHTML('beforeend', text); });</script>""",
        {"rows": '<li>Second</li><li><a href="@GO">Third</a></li>'},
    ),
    Exhibit(
        "wizard",
        f"""<div id="one"><label>Your town <input id="town"></label>
        <button id="next">Next</button></div>
        <div id="two" hidden><p>Almost there.</p><button id="last">Show the route</button></div>
        <script>
        document.getElementById('next').onclick = () => {{
          if (!document.getElementById('town').value) return;
          document.getElementById('one').hidden = true;
          document.getElementById('two').hidden = false;
        }};
        document.getElementById('last').onclick = () => {{ {_GO} }};</script>""",
    ),
    Exhibit(
        "disabled-until-checked",
        f"""<label><input type="checkbox" id="agree"> I have read the notes</label>
        <button id="on" disabled>Continue</button><script>
        document.getElementById('agree').onchange = (event) => {{
          document.getElementById('on').disabled = !event.target.checked; }};
        document.getElementById('on').onclick = () => {{ {_GO} }};</script>""",
    ),
    Exhibit(
        "canvas",
        """<canvas width="400" height="200"></canvas><script>
        document.querySelector('canvas').addEventListener('click', (event) => {
          if (event.offsetX > 350 && event.offsetY < 50) location.href = '@GO';
        });</script>""",
        expected=False,
    ),
)
