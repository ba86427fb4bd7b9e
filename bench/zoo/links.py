"""Links that are not simply there: in frames, shadow roots, maps and drawings, or on a timer."""

from __future__ import annotations

from bench.zoo.exhibit import Exhibit

_INNER = '<p>Inside.</p><a href="@GO">Annual report</a>'

EXHIBITS = (
    Exhibit("plain-link", '<p>Read the <a href="@GO">annual report</a>.</p>'),
    Exhibit("image-link", '<a href="@GO"><svg width="40" height="40"><circle r="18" /></svg></a>'),
    Exhibit(
        "footer-link", '<div style="height:3000px"></div><footer><a href="@GO">Imprint</a></footer>'
    ),
    Exhibit(
        "link-in-frame", '<iframe src="@HOME/in/page" width="500"></iframe>', {"in/page": _INNER}
    ),
    Exhibit(
        "nested-frames",
        '<iframe src="@HOME/a/one" width="600" height="400"></iframe>',
        {"a/one": '<iframe src="b/two" width="400" height="200"></iframe>', "a/b/two": _INNER},
    ),
    Exhibit(
        "frameset",
        '<!doctype html><title>Frames</title><frameset cols="30%,70%">'
        '<frame src="@HOME/left"><frame src="@HOME/right"></frameset>',
        {"left": "<p>Nothing here.</p>", "right": _INNER},
        bare=True,
    ),
    Exhibit("srcdoc-frame", '<iframe srcdoc=\'<a href="@GO" target="_top">Open</a>\'></iframe>'),
    Exhibit(
        "shadow-root",
        """<news-box></news-box><script>
        customElements.define('news-box', class extends HTMLElement {
          connectedCallback() {
            this.attachShadow({mode: 'open'}).innerHTML = '<a href="@GO">All news</a>';
          }
        });</script>""",
    ),
    Exhibit(
        "nested-shadow",
        """<outer-box></outer-box><script>
        customElements.define('inner-box', class extends HTMLElement {
          connectedCallback() {
            const root = this.attachShadow({mode: 'open'});
            root.innerHTML = '<button>More</button>';
            root.querySelector('button').onclick = () => { location.href = '@GO'; };
          }
        });
        customElements.define('outer-box', class extends HTMLElement {
          connectedCallback() {
            this.attachShadow({mode: 'open'}).innerHTML = '<div><inner-box></inner-box></div>';
          }
        });</script>""",
    ),
    Exhibit(
        "closed-shadow-root",
        """<shut-box></shut-box><script>
        customElements.define('shut-box', class extends HTMLElement {
          connectedCallback() {
            this.attachShadow({mode: 'closed'}).innerHTML = '<a href="@GO">All news</a>';
          }
        });</script>""",
        expected=False,
    ),
    Exhibit("target-blank", '<a href="@GO" target="_blank" rel="noopener">Terms</a>'),
    Exhibit("window-open", "<button onclick=\"window.open('@GO')\">Print view</button>"),
    Exhibit(
        "javascript-link",
        """<a href="javascript:go()">Details</a>
        <script>function go() { location.href = '@GO'; }</script>""",
    ),
    Exhibit(
        "image-map",
        """<img usemap="#plan" width="300" height="200" alt="Floor plan"
          src="data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==">
        <map name="plan"><area shape="rect" coords="50,50,150,150" href="@GO" alt="Hall"></map>""",
    ),
    Exhibit(
        "svg-link",
        """<svg width="300" height="120"><a href="@GO"><rect width="120" height="60" fill="#48a" />
        <text x="10" y="30">Region</text></a></svg>""",
    ),
    Exhibit(
        "svg-listener",
        """<svg width="300" height="120"><g id="north"><rect width="120" height="60" fill="#48a" />
        </g></svg><script>document.getElementById('north').addEventListener('click',
          () => { location.href = '@GO'; });</script>""",
    ),
    Exhibit(
        "meta-refresh",
        '<!doctype html><title>Moved</title><meta http-equiv="refresh" content="2; url=@GO">'
        "<p>You will be taken further.</p>",
        bare=True,
    ),
    Exhibit(
        "script-redirect",
        "<p>One moment …</p><script>setTimeout(() => { location.href = '@GO'; }, 2500);</script>",
    ),
    Exhibit(
        "link-after-a-while",
        """<div id="box">Loading …</div><script>setTimeout(() => {
          document.getElementById('box').innerHTML = '<a href="@GO">Results</a>'; }, 2000);
        </script>""",
    ),
    Exhibit(
        "link-after-fetch",
        """<ul id="list"></ul><script>
        fetch('@HOME/slow').then((answer) => answer.text()).then((text) => {
          document.getElementById('list').innerHTML = text; });</script>""",
        {"slow": '<li><a href="@GO">Item 1</a></li>'},
    ),
    Exhibit(
        "infinite-scroll",
        """<div id="feed"></div><script>
        let page = 0;
        function more() {
          page += 1;
          for (let i = 0; i < 12; i++) {
            const line = document.createElement('p');
            line.style.height = '120px';
            line.textContent = 'Entry ' + ((page - 1) * 12 + i + 1);
            document.getElementById('feed').append(line);
          }
          if (page === 3) {
            document.getElementById('feed').insertAdjacentHTML('beforeend',
              '<a href="@GO">Older entries</a>');
          }
        }
        more();
        addEventListener('scroll', () => {
          if (page < 3 && innerHeight + scrollY > document.body.scrollHeight - 200) more();
        });</script>""",
    ),
    Exhibit(
        "shown-by-scrolling",
        """<a id="top" href="@GO" style="display:none;position:fixed;right:20px;bottom:20px">
        Further</a><div style="height:4000px">A long story.</div><script>
        addEventListener('scroll', () => {
          document.getElementById('top').style.display = scrollY > 600 ? 'block' : 'none';
        });</script>""",
    ),
    Exhibit(
        "hash-router",
        """<nav><a href="#/home">Home</a> <a href="#/reports">Reports</a></nav>
        <main id="view"></main><script>
        function draw() {
          const views = {
            '#/reports': '<h2>Reports</h2><a href="#/reports/annual">Annual</a>',
            '#/reports/annual': '<h2>Annual</h2>',
          };
          document.getElementById('view').innerHTML = views[location.hash] || '<h2>Home</h2>';
          if (location.hash === '#/reports/annual') fetch('@GO');
        }
        addEventListener('hashchange', draw); draw();</script>""",
    ),
    Exhibit(
        "history-router",
        """<nav><button data-view="home">Home</button><button data-view="team">Team</button></nav>
        <main id="view"></main><script>
        function draw(view) {
          document.getElementById('view').innerHTML = view === 'team'
            ? '<h2>Team</h2><table><tr><td>Ada</td></tr></table>' : '<h2>Home</h2>';
          if (view === 'team') fetch('@GO');
        }
        for (const one of document.querySelectorAll('[data-view]')) {
          one.onclick = () => {
            history.pushState({}, '', '@HOME/' + one.dataset.view);
            draw(one.dataset.view);
          };
        }
        draw('home');</script>""",
    ),
)
