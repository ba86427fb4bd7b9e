"""Forms and fields that have to be filled in to get on."""

from __future__ import annotations

import re

from bench.zoo.exhibit import Exhibit, Fields, filled


def _typed(fields: Fields) -> bool:
    """What the browser would have checked, checked again."""
    value = {name: "".join(values) for name, values in fields.items()}
    return bool(
        re.fullmatch(r"[^@\s]+@[^@\s]+", value.get("mail", ""))
        and value.get("guests", "").isdigit()
        and 2 <= int(value["guests"]) <= 6
        and re.fullmatch(r"\d{4}-\d\d-\d\d", value.get("day", ""))
        and re.fullmatch(r"[A-Z]{2}-\d{3}", value.get("code", ""))
        and value.get("page", "").startswith("http")
    )


EXHIBITS = (
    Exhibit(
        "get-form",
        """<form action="@HOME/submit"><label>Street <input name="street"></label>
        <button>Show on the map</button></form>""",
        accepts=filled("street"),
    ),
    Exhibit(
        "post-form",
        """<form method="post" action="@HOME/submit">
        <label>Width <input name="width" required></label>
        <label>Height <input name="height" required></label>
        <textarea name="words" required aria-label="Remarks"></textarea>
        <button>Calculate</button></form>""",
        accepts=filled("width", "height", "words"),
    ),
    Exhibit(
        "typed-form",
        """<form method="post" action="@HOME/submit">
        <p><label>E-mail <input type="email" name="mail" required></label></p>
        <p><label>Guests <input type="number" name="guests" min="2" max="6" required></label></p>
        <p><label>Day <input type="date" name="day" required></label></p>
        <p><label>Code <input name="code" pattern="[A-Z]{2}-[0-9]{3}" required></label></p>
        <p><label>Page <input type="url" name="page" required></label></p>
        <button>Check availability</button></form>""",
        accepts=_typed,
    ),
    Exhibit(
        "select-on-change",
        """<select aria-label="Language"><option value="">English</option>
        <option value="fr">French</option></select><script>
        document.querySelector('select').onchange = (event) => {
          if (event.target.value) location.href = '@GO'; };</script>""",
    ),
    Exhibit(
        "radio-form",
        """<form method="post" action="@HOME/submit"><fieldset><legend>Size</legend>
        <label><input type="radio" name="size" value="s" required> Small</label>
        <label><input type="radio" name="size" value="l"> Large</label></fieldset>
        <button>Continue</button></form>""",
        accepts=filled("size"),
    ),
    Exhibit(
        "radio-on-change",
        """<label><input type="radio" name="view" value="list" checked> List</label>
        <label><input type="radio" name="view" value="map"> Map</label><script>
        for (const one of document.querySelectorAll('input')) {
          one.addEventListener('change', () => {
            if (one.value === 'map') location.href = '@GO'; });
        }</script>""",
    ),
    Exhibit(
        "checkbox-form",
        """<form method="post" action="@HOME/submit">
        <label><input type="checkbox" name="seen" value="yes" required> I know the rules</label>
        <button>Continue</button></form>""",
        accepts=filled("seen"),
    ),
    Exhibit(
        "image-submit",
        """<form action="@HOME/submit"><input name="place" aria-label="Place" required>
        <input type="image" alt="Forward" width="40" height="40"
          src="data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==">
        </form>""",
        accepts=filled("place", "place"),
    ),
    Exhibit(
        "outside-button",
        """<form id="far" action="@HOME/submit" method="post">
        <label>Shade <input name="shade" required></label></form>
        <p>Some words between the form and its button.</p>
        <button form="far">Preview</button>""",
        accepts=filled("shade"),
    ),
    Exhibit(
        "enter-form",
        """<form action="@HOME/submit"><label>Town <input name="town"></label></form>""",
        accepts=filled("town"),
    ),
    Exhibit(
        "search-form",
        """<form action="@HOME/submit" role="search"><input type="search" name="q"
        placeholder="Search"><button>Go</button></form>""",
        accepts=filled("q"),
    ),
    Exhibit(
        "autocomplete",
        """<input id="who" role="combobox" aria-label="Colleague" autocomplete="off">
        <ul id="list"></ul><script>
        document.getElementById('who').addEventListener('input', (event) => {
          const list = document.getElementById('list');
          list.innerHTML = event.target.value ? '<li>Ada King</li>' : '';
          for (const one of list.children) one.onclick = () => { location.href = '@GO'; };
        });</script>""",
    ),
    Exhibit(
        "date-picker",
        """<input id="day" aria-label="Day" readonly placeholder="Pick a day">
        <table id="days" hidden></table><script>
        const days = document.getElementById('days');
        document.getElementById('day').addEventListener('click', () => {
          days.hidden = false;
          days.innerHTML = '<tr><td>14</td><td>15</td></tr>';
          for (const one of days.querySelectorAll('td')) {
            one.onclick = () => { location.href = '@GO'; };
          }
        });</script>""",
    ),
    Exhibit(
        "select-multiple",
        """<form action="@HOME/submit" method="post"><select name="tag" multiple required
        aria-label="Tags"><option>Red</option><option>Green</option></select>
        <button>Show</button></form>""",
        accepts=filled("tag"),
    ),
    Exhibit(
        "file-form",
        """<form action="@HOME/submit" method="post" enctype="multipart/form-data">
        <label>Your table <input type="file" name="table" accept=".csv" required></label>
        <button>Convert</button></form>""",
        accepts=filled("table"),
    ),
    Exhibit(
        "formless-fields",
        """<div><label>From <input id="a"></label><label>To <input id="b"></label>
        <button id="c">Find a route</button></div><script>
        document.getElementById('c').onclick = () => {
          const full = document.getElementById('a').value && document.getElementById('b').value;
          if (full) location.href = '@GO'; };</script>""",
    ),
)
