"""Pages of widgets that sites draw themselves; each tells in ``#out`` what was done to it."""

from __future__ import annotations

SAY = "<p id=out></p><script>const say = (t) => { out.textContent += ' ' + t + '.'; };</script>"

CALENDAR = f"""<title>Trip</title><h1>Trip</h1>{SAY}
<label>Departure date <input id=day readonly></label><div id=cal hidden></div>
<button onclick="say('leaving ' + day.value)">Go</button><script>
let shown = new Date(2024, 10, 1);
const draw = () => {{
  const y = shown.getFullYear(), m = shown.getMonth();
  const name = shown.toLocaleString('en', {{ month: 'long' }});
  cal.innerHTML = '<a class=prev href="#">‹</a> <b>' + name + ' ' + y + '</b>' +
    ' <a class=next href="#">›</a><table></table>';
  const row = cal.querySelector('table').insertRow();
  for (let d = 1; d <= new Date(y, m + 1, 0).getDate(); d++) {{
    const cell = row.insertCell();
    cell.innerHTML = '<a href="#">' + d + '</a>';
    cell.firstChild.onclick = () => {{ day.value = y + '/' + (m + 1) + '/' + d;
      cal.hidden = true; return false; }};
  }}
  for (const [one, by] of [['prev', -1], ['next', 1]]) cal.querySelector('.' + one).onclick =
    () => {{ shown = new Date(y, m + by, 1); draw(); return false; }};
}};
day.onclick = () => {{ cal.hidden = false; draw(); }};</script>"""

ORDERED = f"""<title>Order</title><h1>Order</h1>{SAY}<ul id=list style="width:200px;padding:0">
<li>Ann<li>Bob<li>Cleo<li>Dan</ul>
<button onclick="say([...list.children].map((e) => e.textContent.trim()).join(' '))">Tell</button>
<svg width=60 height=60><circle cx=30 cy=30 r=20 fill=teal></circle></svg>
<div id=ball style="width:40px;height:40px;background:teal;position:relative">Ball</div><script>
let held = null;
for (const li of list.children) li.onmousedown = (e) => {{ held = li; e.preventDefault(); }};
onmousemove = (e) => {{ if (!held) return; for (const li of list.children) {{
  const box = li.getBoundingClientRect(), middle = box.top + box.height / 2;
  if (li !== held && e.clientY > box.top && e.clientY < box.bottom)
    e.clientY > middle ? li.after(held) : li.before(held); }} }};
onmouseup = () => {{ held = null; }};
let from = null;
ball.onmousedown = (e) => {{ from = e.clientX; e.preventDefault(); }};
const shape = document.querySelector('circle');
let low = null;
shape.addEventListener('mousedown', (e) => {{ low = e.clientY; e.preventDefault(); }});
addEventListener('mouseup', (e) => {{
  if (low !== null) say('circle ' + (e.clientY > low ? 'down' : 'up')); low = null; }});
addEventListener('mouseup', (e) => {{
  if (from !== null) say('went ' + (e.clientX < from ? 'left' : 'right')); from = null; }});
</script>"""

WORDS = f"""<title>Words</title><h1>Words</h1>{SAY}<p>One fine day.</p><p>Two long nights.</p>
<button onclick="say('marked ' + getSelection())">Tell</button>
<div class=bar><button class=tool-italic aria-label=Italic
 onclick="document.execCommand('italic'); say(editor.innerHTML)"></button></div>
<div id=editor contenteditable style="width:300px">plain words here</div>
<table><tr><td>Colour<td>Mauve<tr><td>Weight<td>12 kg</table>
<label>Answer <input onchange="say('answer ' + this.value)"></label>
<label>Letter <textarea style="resize:both;width:120px;height:60px">Dear Ann</textarea></label>
<script>new ResizeObserver((seen) => {{ if (seen[0].contentRect.height > 75) say('taller'); }})
  .observe(document.querySelector('textarea'));</script>"""

MAIL = f"""<title>Mail</title><h1>Mail</h1>{SAY}<div id=box></div><script>
const mails = [['Ann', 'Lunch'], ['Bob', 'Rent'], ['Cleo', 'Trip'], ['Dan', 'Bike']];
let page = 0;
const show = () => {{
  box.innerHTML = '<ul>' + mails.slice(page * 2, page * 2 + 2).map(([who, what]) =>
    '<li class=mail><b>' + who + '</b> ' + what + ' <span class=star></span></li>').join('') +
    '</ul>' + (page ? '' : '<button class=next>Next</button>');
  for (const li of box.querySelectorAll('li')) {{
    const who = li.firstChild.textContent;
    li.onclick = () => open(who);
    li.querySelector('.star').onclick = (e) => {{ e.stopPropagation(); say('starred ' + who); }};
    li.querySelector('.star').style.cssText = 'display:inline-block;width:12px;height:12px';
  }}
  const next = box.querySelector('.next');
  if (next) next.onclick = () => {{ page++; show(); }};
}};
const open = (who) => {{
  box.innerHTML = '<h2>' + who + '</h2><button>Reply</button> <button>Forward</button>';
  const [reply, pass] = box.querySelectorAll('button');
  reply.onclick = () => {{ box.innerHTML = '<textarea></textarea><button>Send</button>';
    box.lastChild.onclick = () => say('told ' + who + ' ' + box.firstChild.value); }};
  pass.onclick = () => {{
    box.innerHTML = '<label>To: <input></label><textarea></textarea><button>Send</button>';
    box.lastChild.onclick = () => say('passed to ' + box.querySelector('input').value); }};
}};
show();</script>"""

CHOICES = f"""<title>Choices</title><h1>Choices</h1>{SAY}
<label>Towns <select multiple size=4 id=towns><option>Bath<option>York<option>Leeds
<option>Hull</select></label>
<div class="dropdown" id=size onclick="sizes.hidden = !sizes.hidden">Pick ▾</div>
<ul id=sizes hidden><li onclick="say('size S')">Small</li>
<li onclick="say('size L')">Large</li></ul>
<label>Paint <input id=paint value="#123456"></label>
<label>Tag <input id=tag></label><ul id=offers></ul>
<label>Amount <input type=number id=amount></label>
<div role=tablist><button role=tab aria-selected=true>First</button>
<button role=tab aria-selected=false>Second</button></div><div id=pane>Nothing here</div>
<p>Price: <b id=price>9</b></p><button onclick="say('bought')">Buy</button>
<button onclick="say([...towns.selectedOptions].map((o) => o.label).join('+') + ' ' + paint.value +
 ' ' + tag.value + ' ' + amount.value)">Tell</button><script>
tag.oninput = () => {{ offers.innerHTML = ['Bread', 'Brine', 'Brick'].filter((t) => tag.value &&
  t.startsWith(tag.value)).map((t) => '<li>' + t + '</li>').join('');
  for (const li of offers.children) li.onclick = () => {{ tag.value = li.textContent;
    offers.innerHTML = ''; }}; }};
const tabs = document.querySelectorAll('[role=tab]');
for (const one of tabs) one.onclick = () => {{
  for (const other of tabs) other.ariaSelected = String(other === one);
  pane.innerHTML = one === tabs[1]
    ? '<a href="#" onclick="say(\\'deep\\')">Hidden gem</a>' : 'No'; }};
let left = 9; setInterval(() => {{ if (left > 3) price.textContent = --left; }}, 120);</script>"""

# The button above belongs to no message: it is never what deletes one.
SHELF = """<title>Shelf</title><h1>Shelf</h1><button onclick="left.textContent = 'All gone'">Delete
</button><p id=left></p><ul id=list></ul><script>
let mails = ['Ann', 'Ann', 'Bob'];
const show = () => { list.innerHTML = mails.map((who, at) => '<li><b>' + who + '</b> wrote ' + at +
  ' <span class=trash style="display:inline-block;width:9px;height:9px"></span></li>').join('');
  left.textContent = 'Left: ' + mails.join(' ');
  [...list.querySelectorAll('.trash')].forEach((one, at) => one.addEventListener('click', () => {
    mails.splice(at, 1); show(); })); };
show();</script>"""

PAGES = {
    "/calendar": CALENDAR, "/order": ORDERED, "/words": WORDS, "/mail": MAIL, "/choices": CHOICES,
    "/shelf": SHELF,
}  # fmt: skip
