"use strict";

// Every behaviour has a plain form behind it, but for the dialog and the show-password tick.

const toast = document.getElementById("toast");
let toastTimer;

function say(text, wrong) {
  clearTimeout(toastTimer);
  toast.textContent = text;
  toast.classList.toggle("wrong", wrong);
  toast.hidden = false;
  toastTimer = setTimeout(() => { toast.hidden = true; }, 4000);
}

for (const form of document.querySelectorAll("form[data-add-to-cart]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(form)),
      });
      const { message, count } = await answer.json();
      document.getElementById("cart-count").textContent = count;
      say(message, !answer.ok);
    } finally {
      button.disabled = false;
    }
  });
}

for (const tick of document.querySelectorAll("[data-show]")) {
  tick.addEventListener("change", () => {
    document.getElementById(tick.dataset.show).type = tick.checked ? "text" : "password";
  });
}

for (const card of document.querySelectorAll("[data-card]")) {
  card.addEventListener("input", () => {
    const digits = card.value.replace(/\D/g, "").slice(0, 16);
    card.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ");
  });
}

const ask = document.getElementById("ask");
if (ask) {
  for (const button of document.querySelectorAll("[data-ask]")) {
    button.addEventListener("click", () => {
      ask.querySelector("form").action = button.dataset.ask;
      document.getElementById("ask-name").textContent = button.dataset.name;
      ask.showModal();
    });
  }
  document.getElementById("ask-no").addEventListener("click", () => ask.close());
}

for (const button of document.querySelectorAll("[data-cookies]")) {
  button.addEventListener("click", () => {
    document.cookie = `cookies_ok=${button.dataset.cookies}; path=/; max-age=31536000; samesite=lax`;
    document.getElementById("cookies").remove();
  });
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("site-search").focus();
  }
});
