// Small conveniences of the dashboard; every page works without them.
"use strict";
(function () {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

  function localTimes(root) {
    for (const time of root.querySelectorAll("time[datetime]:not([title])")) {
      const moment = new Date(time.dateTime);
      if (isNaN(moment)) continue;
      time.title = time.textContent;
      time.textContent = format.format(moment);
    }
  }

  function nearEnd() {
    return window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 240;
  }

  function openTarget() {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (target && target.tagName === "DETAILS") {
      target.open = true;
      target.scrollIntoView();
    }
  }

  document.addEventListener("click", function (event) {
    const example = event.target.closest("[data-fill]");
    if (!example) return;
    const field = document.getElementById(example.dataset.fill);
    field.value = example.textContent.trim();
    field.focus();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
  });

  function nameOf(part) {
    const around = part.closest("details[id]");
    return part.id || (around ? around.id + "/inner" : "");
  }

  // What a reader has folded open stays open, and the reader stays at the end of a growing answer.
  let following = false;
  const open = new Set();
  document.addEventListener("htmx:oobBeforeSwap", function (event) {
    following = nearEnd();
    for (const part of event.detail.target.querySelectorAll("details")) {
      if (part.open) open.add(nameOf(part));
      else open.delete(nameOf(part));
    }
  });
  document.addEventListener("htmx:oobAfterSwap", function (event) {
    const part = document.getElementById(event.detail.target.id) || document;
    for (const one of part.querySelectorAll("details")) {
      if (open.has(nameOf(one))) one.open = true;
    }
    localTimes(document);
    if (following && document.getElementById("stream")) window.scrollTo({ top: document.documentElement.scrollHeight });
  });

  document.addEventListener("htmx:afterRequest", function (event) {
    const form = event.detail.elt;
    if (form.id === "composer" && event.detail.successful) {
      form.reset();
      window.scrollTo({ top: document.documentElement.scrollHeight });
    }
  });

  function lost(is) {
    const note = document.getElementById("lost");
    if (note) note.hidden = !is;
  }
  document.addEventListener("htmx:sseError", function () { lost(true); });
  document.addEventListener("htmx:sseOpen", function () { lost(false); });
  document.addEventListener("htmx:sseClose", function () { lost(false); });
  document.addEventListener("htmx:sendError", function () { lost(true); });
  document.addEventListener("htmx:afterOnLoad", function () { lost(false); });

  localTimes(document);
  openTarget();
  window.addEventListener("hashchange", openTarget);
})();
