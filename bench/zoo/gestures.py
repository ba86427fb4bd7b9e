"""Controls that want more than a click: hovering, keys, other buttons, dragging."""

from __future__ import annotations

from bench.zoo.exhibit import Exhibit

_GO = "location.href = '@GO';"

EXHIBITS = (
    Exhibit(
        "hover-menu",
        """<style>nav ul ul { display: none } nav li:hover > ul { display: block }</style>
        <nav><ul><li>Products<ul><li><a id="p" href="#">Lamps</a></li></ul></li></ul></nav><script>
        document.getElementById('p').onclick = (event) => {
          event.preventDefault();
          location.href = '@GO'; };</script>""",
    ),
    Exhibit(
        "hover-listener",
        """<div id="card" style="width:200px;height:60px;border:1px solid">Profile</div>
        <div id="tip"></div><script>
        document.getElementById('card').addEventListener('mouseenter', () => {
          document.getElementById('tip').innerHTML = '<a href="@GO">More about Ada</a>'; });
        </script>""",
    ),
    Exhibit(
        "context-menu",
        """<div id="file">notes.txt</div><ul id="menu" hidden><li><a href="@GO">Versions</a></li>
        </ul><script>document.getElementById('file').addEventListener('contextmenu', (event) => {
          event.preventDefault();
          document.getElementById('menu').hidden = false; });</script>""",
    ),
    Exhibit(
        "double-click",
        f"""<div id="folder">Pictures</div><script>
        document.getElementById('folder').addEventListener('dblclick', () => {{ {_GO} }});
        </script>""",
    ),
    Exhibit(
        "double-click-inline",
        f'<table><tr><td ondblclick="{_GO}">Sheet 2</td></tr></table>',
    ),
    Exhibit(
        "enter-only",
        f"""<div tabindex="0" id="item">Chapter 1</div><script>
        document.getElementById('item').addEventListener('keydown', (event) => {{
          if (event.key === 'Enter') {{ {_GO} }} }});</script>""",
    ),
    Exhibit(
        "told-shortcut",
        f"""<p>Press <kbd>g</kbd> to open the glossary.</p><script>
        document.addEventListener('keydown', (event) => {{
          if (event.key === 'g') {{ {_GO} }} }});</script>""",
    ),
    Exhibit(
        "access-key",
        f"""<p>Index with Alt+J.</p>
        <button accesskey="j" style="position:absolute;left:-9999px">Index</button><script>
        document.querySelector('button').onclick = () => {{ {_GO} }};</script>""",
    ),
    Exhibit(
        "drag-and-drop",
        f"""<div id="card" draggable="true" style="width:90px;border:1px solid">Card</div>
        <div id="tray" style="width:200px;height:90px;margin-top:30px;background:#ddd">Tray</div>
        <script>
        const tray = document.getElementById('tray');
        tray.addEventListener('dragover', (event) => event.preventDefault());
        tray.addEventListener('drop', (event) => {{ event.preventDefault(); {_GO} }});</script>""",
    ),
    Exhibit(
        "pointer-drag",
        f"""<div style="width:300px;background:#ddd"><div id="knob"
          style="width:40px;height:40px;background:#48a;position:relative">⇒</div></div><script>
        const knob = document.getElementById('knob');
        let from = null;
        knob.addEventListener('mousedown', (event) => {{ from = event.clientX; }});
        document.addEventListener('mouseup', (event) => {{
          if (from !== null && event.clientX - from > 100) {{ {_GO} }}
          from = null; }});</script>""",
    ),
    Exhibit(
        "range-slider",
        """<label>Distance <input type="range" min="0" max="100" value="10" id="r"></label>
        <div id="out"></div><script>
        document.getElementById('r').addEventListener('input', (event) => {
          if (event.target.value > 80) {
            document.getElementById('out').innerHTML = '<a href="@GO">Far away</a>'; } });
        </script>""",
    ),
    Exhibit(
        "content-editable",
        """<div id="note" contenteditable="true" style="border:1px solid;min-height:40px"></div>
        <div id="out"></div><script>
        document.getElementById('note').addEventListener('input', () => {
          document.getElementById('out').innerHTML = '<a href="@GO">How notes are kept</a>'; });
        </script>""",
    ),
    Exhibit(
        "focus-panel",
        """<input id="f" aria-label="Place"><div id="out"></div><script>
        document.getElementById('f').addEventListener('focus', () => {
          document.getElementById('out').innerHTML = '<a href="@GO">Popular places</a>'; });
        </script>""",
    ),
    Exhibit(
        "scroll-in-a-box",
        """<div id="box" style="height:120px;overflow:auto;border:1px solid">
        <div style="height:900px">Terms of use …</div></div>
        <button id="on" disabled>Continue</button><script>
        const box = document.getElementById('box');
        box.addEventListener('scroll', () => {
          if (box.scrollTop + box.clientHeight > box.scrollHeight - 20) {
            document.getElementById('on').disabled = false; } });
        document.getElementById('on').onclick = () => { location.href = '@GO'; };</script>""",
    ),
)
