"""A shop whose scripts and styles are run in part by each of three tests, and its sources."""

from __future__ import annotations

import json

from tests.browser.site import Answer, Site

PAGE = """<title>Shop</title><link rel=stylesheet href=/static/css/shop.css>
<main><h1>Shop</h1><button id=add>Add</button> <button id=pay>Pay</button>
<button id=greet>Greet</button> <button id=shout>Shout</button>
<p id=said></p><p id=cart>empty</p></main>
<script src=/static/js/shop.js></script>
<script src=/static/dist/app.js></script>
<script>
function rename() {
  document.title = 'Shop of ann';
}
document.getElementById('add').addEventListener('click', rename);
</script>"""
DONE = """<title>Done</title><link rel=stylesheet href=/static/css/shop.css>
<h1 class=paid>Thank you</h1>"""
SHOP_JS = """const cart = [];

const show = () => {
  const shown = cart.length + ' items';
  document.getElementById('cart').textContent = shown;
  document.getElementById('cart').className = 'cart-total';
};

function addToCart() {
  cart.push('cup');
  show();
  return false;
}

function pay() {
  if (cart.length > 3) {
    cart.push('a present');
  }
  sessionStorage.setItem('paid', 'yes');
  location.href = '/done';
  return false;
}

document.getElementById('add').addEventListener('click', addToCart);
document.getElementById('pay').addEventListener('click', pay);
"""
SHOP_CSS = """main {
  color: black;
}

.cart-total {
  font-weight: bold;
  color: green;
}

.paid {
  font-style: italic;
}

.refunded {
  color: green;
}
"""

# What esbuild 0.28.2 makes of the two files below with --bundle --minify --sourcemap.
GREET_JS = """export function greet(name) {
  if (!name) {
    return 'Hello, stranger';
  }
  return 'Hello, ' + name;
}

export const unused = (list) => {
  return list.map((item) => item.name).join(', ');
};
"""
MAIN_JS = """import { greet, unused } from './greet.js';

const shout = (text) => {
  return text.toUpperCase() + '!';
};

document.getElementById('greet').addEventListener('click', () => {
  document.getElementById('said').textContent = greet('ann');
});
document.getElementById('shout').addEventListener('click', () => {
  document.getElementById('said').textContent = shout(unused([{ name: 'bob' }]));
});
"""
BUNDLE = (
    "(()=>{var m=(e,t,n)=>()=>{if(n)throw n[0];try{return e&&(t=e(e=0)),t}catch(o){throw n=[o"
    "],o}};var s=(e,t)=>()=>{try{return t||e((t={exports:{}}).exports,t),t.exports}catch(n){t"
    'hrow t=0,n}};function r(e){return e?"Hello, "+e:"Hello, stranger"}var d,u=m(()=>{d=e=>e.'
    'map(t=>t.name).join(", ")});var i=s(()=>{u();var c=e=>e.toUpperCase()+"!";document.getEl'
    'ementById("greet").addEventListener("click",()=>{document.getElementById("said").textCon'
    'tent=r("ann")});document.getElementById("shout").addEventListener("click",()=>{document.'
    'getElementById("said").textContent=c(d([{name:"bob"}]))})});i();})();\n//# sourceMappingU'
    "RL=app.js.map\n"
)
MAPPINGS = (
    "6LAAO,SAASA,EAAMC,EAAM,CAC1B,OAAKA,EAGE,UAAYA,EAFV,iBAGX,CALA,IAOaC,EAPbC,EAAAC,EAAA,KAO"
    "aF,EAAUG,GACdA,EAAK,IAAKC,GAASA,EAAK,IAAI,EAAE,KAAK,IAAI,ICRhD,IAAAC,EAAAC,EAAA,KAAAC,IA"
    "EA,IAAMC,EAASC,GACNA,EAAK,YAAY,EAAI,IAG9B,SAAS,eAAe,OAAO,EAAE,iBAAiB,QAAS,IAAM,CAC/D,SAA"
    "S,eAAe,MAAM,EAAE,YAAcC,EAAM,KAAK,CAC3D,CAAC,EACD,SAAS,eAAe,OAAO,EAAE,iBAAiB,QAAS,IAAM,CA"
    "C/D,SAAS,eAAe,MAAM,EAAE,YAAcF,EAAMG,EAAO,CAAC,CAAE,KAAM,KAAM,CAAC,CAAC,CAAC,CAC/E,CAAC"
)
MAP = {
    "version": 3,
    "sources": ["../src/greet.js", "../src/main.js"],
    "sourcesContent": [GREET_JS, MAIN_JS],
    "mappings": MAPPINGS,
    "names": [],
}


def shop(site: Site) -> None:
    """Let a site serve the shop."""
    script = "text/javascript"
    site.pages.update(
        {
            "/": PAGE,
            "/done": DONE,
            "/static/js/shop.js": Answer(SHOP_JS.encode(), kind=script),
            "/static/css/shop.css": Answer(SHOP_CSS.encode(), kind="text/css"),
            "/static/dist/app.js": Answer(BUNDLE.encode(), kind=script),
            "/static/dist/app.js.map": Answer(json.dumps(MAP).encode(), kind="application/json"),
        }
    )
