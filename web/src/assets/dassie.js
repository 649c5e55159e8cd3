// What pages can do without, and are nicer with: acts in place, a button for new posts, drafts kept while typing, names
// completed, pictures large, keys.
// Everything here takes over links and forms that work by themselves; where anything goes wrong, they do.
"use strict";
(() => {
  const find = (selector, inside = document) => inside.querySelector(selector);
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const words = document.body.dataset;
  // What somebody waits for has most likely come.
  if (words.after) setTimeout(() => { if (words.to) location.replace(words.to); else location.reload(); }, words.after * 1000);
  const said = (() => { try { return JSON.parse(words.say); } catch (none) { return {}; } })();
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const made = (name, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };

  // Said to screen readers, and only what one's own acts led to.
  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");
  document.body.append(status);
  const say = (text) => { status.textContent = ""; setTimeout(() => { status.textContent = text; }, 50); };

  // --- Where this browser is: pages tell times by it unless something else was chosen. ---

  try {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && !document.cookie.split("; ").includes(`dassie_zone=${zone}`)) {
      document.cookie = `dassie_zone=${zone}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    }
  } catch (untold) { /* universal time, then */ }

  // --- A handle is copied by a button; without it, it can be marked as a whole. ---

  for (const copier of navigator.clipboard ? all("[data-copy]") : []) {
    copier.hidden = false;
    copier.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(copier.dataset.copy); } catch (refused) { return; }
      copier.textContent = copier.dataset.copied;
      say(copier.dataset.copied);
    });
  }

  // --- Buttons of posts and votes: the answer is the post as it is now, put in place of what it was. ---

  const inPlace = async (form, fields, article) => {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "x-in-place": "1", accept: "text/html" },
      redirect: "error",
    });
    if (!answer.ok || !(answer.headers.get("content-type") || "").startsWith("text/html")) throw new Error("not in place");
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = find("article", drawn);
    if (!fresh) throw new Error("no post");
    return { fresh: document.adoptNode(fresh), article };
  };

  // What was boosted stays under whoever boosted it; what stood open stays open; the focus stays where it was.
  const put = ({ fresh, article }, name) => {
    const above = all(":scope > .above", article);
    fresh.id = article.id;
    fresh.className = article.className;
    for (const part of ["name", "text"]) {
      const old = find(`[id$="-${part}"]`, article), now = find(`[id$="-${part}"]`, fresh);
      if (old && now) now.id = old.id;
    }
    for (const label of ["aria-labelledby", "aria-describedby"]) fresh.setAttribute(label, article.getAttribute(label));
    if (!find(":scope > .above", fresh)) fresh.prepend(...above);
    const open = all(".words details", article).map((details) => details.open);
    all(".words details", fresh).forEach((details, at) => { details.open = Boolean(open[at]); });
    article.replaceWith(fresh);
    const button = name && (find(`button[name="${name}"]`, fresh) || find(`button[name="${other(name)}"]`, fresh));
    if (button) { button.focus(); say(button.textContent.trim()); }
  };
  const other = (name) => (name.startsWith("un") ? name.slice(2) : `un${name}`);

  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    const act = form.id === "acts", ballot = form.classList.contains("ballot");
    if ((!act && !ballot) || !window.fetch || form.dataset.plain) return;
    const article = (button || form).closest("article.post:not(.focused)");
    const fields = new FormData(form, button);
    if (!article || (act && !/^(un)?(boost|favourite|bookmark|pin)$|^(un)?mute-thread$/.test(button.name))) return;
    event.preventDefault();
    if (article.getAttribute("aria-busy")) return;
    article.setAttribute("aria-busy", "true");
    try {
      put(await inPlace(form, fields, article), act && button.name);
    } catch (failure) {
      article.removeAttribute("aria-busy");
      form.dataset.plain = "1";
      if (button && form.requestSubmit) form.requestSubmit(button); else form.submit();
    }
  });

  // --- New posts: a button that counts them, never a jump. ---

  const home = find("[data-live]");
  if (home && window.EventSource) {
    let count = 0;
    const fresh = find(".fresh");
    const talk = home.dataset.live === "talk";
    const lines = new EventSource(talk ? "/live?stream=direct" : "/live");
    lines.addEventListener("update", (event) => {
      if (!fresh) return;
      try {
        const post = JSON.parse(event.data);
        if (post.account.id === words.own || post.visibility === "direct") return;
      } catch (odd) { return; }
      count += 1;
      fresh.hidden = false;
      find("b", fresh).textContent = count;
    });
    lines.addEventListener("notification", () => {
      const way = find('.ways a[href="/notifications"]');
      let badge = find(".count", way);
      if (!badge) {
        badge = document.createElement("span");
        badge.className = "count";
        way.append(badge);
      }
      const waiting = (parseInt(badge.textContent, 10) || 0) + 1;
      badge.textContent = waiting;
      document.title = `(${waiting}) ${document.title.replace(/^\(\d+\) /, "")}`;
    });
    // What is new in a conversation is put below it, what has changed in its place: what stands is not read out again, and
    // what is open, in focus or being typed stays so.
    const bare = (item) => {
      const copy = item.cloneNode(true);
      for (const time of all("time", copy)) time.textContent = "";
      return copy;
    };
    const goOn = (list, now) => {
      const same = (item) => document.getElementById(find("article", item)?.id || "")?.closest(".talk li");
      const items = [...now.children], common = items.some(same), kept = new Set();
      let before = null, added = null;
      for (const item of items) {
        let there = same(item);
        if (!there) {
          there = added = document.adoptNode(item);
          if (before) before.after(there); else if (common) list.prepend(there); else list.append(there);
        } else if (!there.contains(document.activeElement)) {
          const open = all("details", there).map((details) => details.open);
          all("details", item).forEach((details, at) => { details.open = Boolean(open[at]); });
          if (!bare(item).isEqualNode(bare(there))) { there.replaceWith(document.adoptNode(item)); there = item; }
        }
        kept.add(there);
        before = there;
      }
      // What is gone from between them was deleted.
      const stand = [...list.children];
      for (const item of common ? stand.slice(stand.findIndex((one) => kept.has(one))) : []) {
        if (!kept.has(item) && !item.contains(document.activeElement)) item.remove();
      }
      added?.scrollIntoView({ block: "nearest" });
    };
    lines.addEventListener("conversation", async (event) => {
      try {
        if (!talk || JSON.parse(event.data).id !== home.dataset.talk) return;
        const answer = await fetch(location.href, { redirect: "error" });
        const now = find(".talk ul", new DOMParser().parseFromString(await answer.text(), "text/html"));
        if (!answer.ok || !now) return;
        goOn(find(".talk ul"), now);
      } catch (odd) { /* the page can be loaded anew */ }
    });
    window.addEventListener("pagehide", () => lines.close());
  }

  // --- Names, hashtags and emoji are completed while they are typed. ---

  function completes(box) {
    const list = made("ul", { className: "suggest", id: "suggestions", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", said.suggestions || "");
    (box.closest("p") || box).after(list);
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    let from = 0, chosen = -1, asking = null, waiting;
    const close = () => {
      clearTimeout(waiting);
      asking?.abort();
      list.hidden = true;
      list.replaceChildren();
      chosen = -1;
      box.removeAttribute("aria-activedescendant");
    };
    const mark = (at) => {
      const options = [...list.children];
      chosen = (at + options.length) % options.length;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
      box.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    };
    const take = (option) => {
      box.setRangeText(`${option.dataset.text} `, from, box.selectionStart, "end");
      close();
      box.focus();
      box.dispatchEvent(new Event("input", { bubbles: true }));
      close();
    };
    const ask = async (typed) => {
      asking?.abort();
      asking = new AbortController();
      const answer = await fetch(`/complete?q=${encodeURIComponent(typed)}`, {
        signal: asking.signal, headers: { accept: "application/json" }, redirect: "error",
      });
      if (!answer.ok) return close();
      const found = await answer.json();
      if (!found.length) return close();
      list.replaceChildren(...found.map(({ text, name, picture }, at) => {
        const drawn = picture ? [made("img", { className: "emoji", src: picture, alt: "" }), " "] : [];
        const option = made("li", { id: `suggestion-${at}` }, ...drawn,
          made("bdi", { className: "name", textContent: name }), " ",
          made("span", { className: "handle", dir: "auto", textContent: text }));
        option.setAttribute("role", "option");
        option.dataset.text = text;
        return option;
      }));
      list.hidden = false;
      mark(0);
      say(`${found.length} ${said.suggestions || ""}`);
    };
    box.addEventListener("input", () => {
      clearTimeout(waiting);
      const before = box.value.slice(0, box.selectionStart);
      const begun = box.selectionStart === box.selectionEnd && before.match(/(?:^|[\s(])([@#:][\p{L}\p{N}_][\p{L}\p{N}_@.+-]{0,80})$/u);
      if (!begun) return close();
      from = before.length - begun[1].length;
      waiting = setTimeout(() => ask(begun[1]).catch(() => { /* the next letter asks again */ }), 150);
    });
    box.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing) return;
      const acts = {
        ArrowDown: () => mark(chosen + 1),
        ArrowUp: () => mark(chosen - 1),
        Enter: () => take(list.children[chosen]),
        Tab: () => take(list.children[chosen]),
        Escape: close,
      };
      if (!acts[event.key] || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      acts[event.key]();
    });
    // Before the box loses the focus.
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("li");
      event.preventDefault();
      if (option) take(option);
    });
    box.addEventListener("blur", close);
  }

  // --- Pictures in their full size, over the page. ---

  const dialog = (name, label, ...inside) => {
    const shown = made("dialog", { className: name }, ...inside);
    shown.setAttribute("aria-label", label);
    shown.addEventListener("close", () => shown.remove());
    // What lies around it is the dialog itself.
    shown.addEventListener("click", (event) => { if (event.target === shown) shown.close(); });
    document.body.append(shown);
    shown.showModal();
    return shown;
  };
  const button = (text, act, className = "second") => {
    const shown = made("button", { type: "button", className, textContent: text });
    shown.addEventListener("click", act);
    return shown;
  };
  const large = (links, at) => {
    const img = made("img"), text = made("figcaption", { dir: "auto" }), place = made("span", { className: "soft" });
    const show = (to) => {
      at = (to + links.length) % links.length;
      img.alt = links[at].dataset.alt || find("img", links[at])?.alt || "";
      img.src = links[at].href;
      text.textContent = img.alt;
      place.textContent = links.length > 1 ? `${at + 1}/${links.length}` : "";
    };
    const ways = links.length > 1
      ? [button(said.previous, () => show(at - 1)), place, button(said.next, () => show(at + 1))]
      : [];
    show(at);
    const shown = dialog("light", said.picture, made("figure", {}, img, text),
      made("p", { className: "acts" }, ...ways, button(said.close, () => shown.close(), "")));
    const forward = getComputedStyle(document.documentElement).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    shown.addEventListener("keydown", (event) => {
      if (!/^Arrow(Left|Right)$/.test(event.key)) return;
      event.preventDefault();
      show(at + (event.key === forward ? 1 : -1));
    });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-picture]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
    event.preventDefault();
    const links = all("a[data-picture]", link.closest(".media"));
    large(links, links.indexOf(link));
  });

  // --- Writing: what is typed survives the window; how much room is left is said near the end. ---

  // The key of the form that was sent last, and where its text is kept.
  const sent = (store) => (store?.getItem("dassie-sent") || "").split(/ (.*)/s, 2);
  const box = find("form.compose textarea[name=status]");
  if (box) {
    const form = box.form;
    const about = ["in_reply_to_id", "quoted_status_id", "edits", "draft"].map((name) => form.elements[name]?.value || "");
    // An answer in a conversation is no post elsewhere.
    const action = form.getAttribute("action");
    const place = `dassie-draft ${words.own} ${about.join(" ")}${action === "/compose" ? "" : ` ${action}`}`;
    const store = (() => { try { return window.localStorage; } catch (refused) { return null; } })();
    // What the server has answered with as a draft it keeps, under whatever name it was typed here: the form that was sent
    // is known by its key, behind which a thread counts its parts.
    const key = (form.elements.key?.value || "").replace(/~\d+$/, "");
    const [answered, before] = sent(store);
    if (words.own && form.elements.draft?.value && key && key === answered && before !== place) {
      store.removeItem(before);
      store.removeItem("dassie-sent");
    }
    const kept = store && store.getItem(place);
    if (kept && !find(".problem") && (box.value === "" || kept.startsWith(box.value.trimEnd()))) box.value = kept;
    // Behind the names that an answer begins with, unless somebody was quicker.
    if (box.autofocus && box.selectionEnd === 0) box.setSelectionRange(box.value.length, box.value.length);
    const most = Number(box.dataset.chars) || 0;
    const room = document.createElement("span");
    room.className = "note room";
    room.setAttribute("aria-live", "polite");
    const camel = made("span", { className: "note", dir: "auto" });
    camel.setAttribute("aria-live", "polite");
    box.after(room, camel);
    // As the preview says it: long tags without any capital, where letters know capitals.
    const joined = (text) => [...text.matchAll(/(?:^|[^\p{L}\p{N}/&])(#[\p{L}\p{N}]{12,})(?![\p{L}\p{N}_])/gu)]
      .map((found) => found[1]).find((tag) => tag === tag.toLowerCase() && tag !== tag.toUpperCase());
    const look = () => {
      const tag = box.dataset.camel && joined(box.value), hint = tag ? box.dataset.camel.replace("%", () => tag) : "";
      if (camel.textContent !== hint) camel.textContent = hint;
      if (form.elements.split?.value) { room.textContent = ""; return; }
      const left = most - [...box.value].length - [...(form.elements.spoiler_text?.value || "")].length;
      room.textContent = most && left <= 20 ? String(left) : "";
      room.classList.toggle("over", left < 0);
    };
    let waiting;
    const keep = () => {
      look();
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        try { if (box.value.trim()) store?.setItem(place, box.value); else store?.removeItem(place); } catch (full) { /* the form holds it */ }
      }, 400);
    };
    box.addEventListener("input", keep);
    look();
    // Whoever typed before this ran loses nothing.
    if (box.value !== box.defaultValue && box.value !== kept) keep();
    let sending = false;
    form.addEventListener("submit", (event) => {
      if (sending) { event.preventDefault(); return; }
      sending = true;
      clearTimeout(waiting);
      // Kept until the server says it has it: the page that says so clears it.
      store?.setItem("dassie-sent", `${key} ${place}`);
      setTimeout(() => { sending = false; }, 5000);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      const post = find("button[value=post]", form);
      if (post) { event.preventDefault(); form.requestSubmit(post); }
    });
    form.elements.split?.addEventListener("change", look);
    // Pictures may be pasted into the text, or dropped onto the form.
    const attach = (event, brought) => {
      const field = find("input[name=file]", form);
      if (!field || !brought || !brought.files.length) return;
      event.preventDefault();
      field.files = brought.files;
      find("button[value=attach]", form)?.click();
    };
    box.addEventListener("paste", (event) => attach(event, event.clipboardData));
    form.addEventListener("drop", (event) => attach(event, event.dataTransfer));
    form.addEventListener("dragover", (event) => {
      if (find("input[name=file]", form) && [...event.dataTransfer.types].includes("Files")) event.preventDefault();
    });
    completes(box);
    find("input[name=file]", form)?.addEventListener("change", (event) => {
      if (event.target.files.length) find("button[value=attach]", form)?.click();
    });
  }
  const sought = find("form.search input#q[data-completes]");
  if (sought) completes(sought);
  if (words.done) {
    try {
      const [, place] = sent(localStorage);
      if (place) { localStorage.removeItem(place); localStorage.removeItem("dassie-sent"); }
    } catch (refused) { /* nothing was kept */ }
  }

  // --- This browser shows notifications also while no page is open. ---

  const pushing = find("form#push");
  if (pushing && "serviceWorker" in navigator && "PushManager" in window) {
    const needs = find("#push-needs", pushing), start = find("[value=subscribe]", pushing);
    if (needs) needs.hidden = true;
    if (start) start.hidden = false;
    const subscribe = async () => {
      if (await Notification.requestPermission() !== "granted") throw new Error("refused");
      await navigator.serviceWorker.register("/worker.js");
      const { pushManager } = await navigator.serviceWorker.ready;
      const options = { userVisibleOnly: true, applicationServerKey: bytes(pushing.dataset.key) };
      const { endpoint, keys } = (await pushManager.subscribe(options)).toJSON();
      for (const [name, value] of Object.entries({ endpoint, ...keys })) {
        if (pushing.elements[name]) pushing.elements[name].value = value;
      }
    };
    const leave = async () => {
      const registration = await navigator.serviceWorker.getRegistration("/");
      await (await registration?.pushManager.getSubscription())?.unsubscribe();
    };
    pushing.addEventListener("submit", async (event) => {
      const pressed = event.submitter, doing = pressed?.value;
      if (pushing.dataset.ready || !["subscribe", "remove"].includes(doing)) return;
      event.preventDefault();
      try {
        await (doing === "subscribe" ? subscribe() : leave());
      } catch (failure) {
        // Whoever wants to leave leaves all the same.
        if (doing === "subscribe") { find("#push-refused", pushing).hidden = false; return; }
      }
      pushing.dataset.ready = "1";
      pushing.requestSubmit(pressed);
    });
  }

  // --- Passkeys: the form stands there only where the browser knows them; what it sends is made by the authenticator. ---

  const letters = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const waits = 300000;
  const registered = async (asked) => {
    const { response } = await navigator.credentials.create({ publicKey: {
      challenge: bytes(asked.challenge),
      rp: { id: asked.party, name: asked.server },
      user: { id: bytes(asked.user), name: asked.name, displayName: asked.name },
      pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: asked.known.map((id) => ({ type: "public-key", id: bytes(id) })),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
      timeout: waits,
    } });
    return { client_data: response.clientDataJSON, attestation: response.attestationObject };
  };
  const used = async (asked) => {
    const { rawId, response } = await navigator.credentials.get({ publicKey: {
      challenge: bytes(asked.challenge), rpId: asked.party, userVerification: "required", timeout: waits,
    } });
    return {
      user: response.userHandle, credential: rawId, client_data: response.clientDataJSON,
      authenticator_data: response.authenticatorData, signature: response.signature,
    };
  };
  const passkey = find("form[data-passkey]");
  if (passkey && window.PublicKeyCredential) {
    passkey.hidden = false;
    find("#no-passkeys")?.remove();
    passkey.addEventListener("submit", async (event) => {
      event.preventDefault();
      const beside = document.forms[passkey.dataset.beside];
      if (passkey.getAttribute("aria-busy") || (beside && !beside.username.reportValidity())) return;
      passkey.setAttribute("aria-busy", "true");
      find(".problem", passkey).hidden = true;
      try {
        const token = passkey.elements.namedItem("authenticity_token").value;
        const body = new URLSearchParams({ authenticity_token: token });
        // The form of the first run carries what is typed into the one above it.
        for (const name of beside ? ["code", "username", "email", "recovery"] : []) {
          passkey.elements.namedItem(name).value = beside.elements.namedItem(name).value;
          body.set(name, beside.elements.namedItem(name).value);
        }
        const asked = await fetch(passkey.dataset.passkey, { method: "POST", body, redirect: "error" });
        if (!asked.ok) throw new Error("no challenge");
        const options = await asked.json();
        const fields = await (options.user ? registered(options) : used(options));
        if (beside) passkey.elements.namedItem("user").value = options.user;
        for (const [name, value] of Object.entries(fields)) passkey.elements.namedItem(name).value = letters(value);
        passkey.submit();
      } catch (refused) {
        find(".problem", passkey).hidden = false;
      }
      passkey.removeAttribute("aria-busy");
    });
  }

  // --- Menus close on Escape and on a click beside them. ---

  const menus = () => all("details.more[open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });

  // --- Keys: j and k move the focus from post to post, the rest does what its button does. ---

  // What is folded away cannot be gone to.
  const posts = () => all("main article.post").filter((post) => post.getClientRects().length);
  const current = () => document.activeElement.closest?.("article.post");
  const move = (step) => {
    const list = posts(), at = list.indexOf(current());
    const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : at + step];
    if (!next) return;
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const press = (selector) => { const target = current() && find(selector, current()); if (target) target.click(); return Boolean(target); };
  // The keys, as the page of the menu tells them.
  const help = async () => {
    const answer = await fetch("/menu", { redirect: "error" });
    const menu = new DOMParser().parseFromString(await answer.text(), "text/html");
    const title = find("#keys", menu), keys = title && title.nextElementSibling;
    if (!answer.ok || !keys) throw new Error("no keys");
    const shown = dialog("help", title.textContent, made("h2", { textContent: title.textContent }),
      document.adoptNode(keys), made("p", { className: "acts" }, button(said.close, () => shown.close(), "")));
  };
  const go = { h: "/home", n: "/notifications", m: "/messages", e: "/explore", b: "/bookmarks", f: "/favourites", l: "/lists", s: "/search" };
  let after = "", since = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of menus()) { menu.open = false; find("summary", menu).focus(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (words.keys === "off" || event.target.closest?.("dialog")) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const key = event.key;
    if (after === "g" && Date.now() - since < 1500 && go[key]) { after = ""; event.preventDefault(); location.assign(go[key]); return; }
    after = key;
    since = Date.now();
    const done = {
      j: () => { move(1); return true; },
      k: () => { move(-1); return true; },
      r: () => press('a.act[href^="/compose?reply="]'),
      f: () => press('button[name$="favourite"]'),
      b: () => press('button[name$="boost"]'),
      d: () => press('button[name$="bookmark"]'),
      x: () => press(".words summary"),
      i: () => press("a[data-picture]"),
      p: () => press("a.who"),
      o: () => press(".foot .time a"),
      Enter: () => event.target.matches?.("article.post") && press(".foot .time a"),
      n: () => { location.assign("/compose"); return true; },
      "/": () => { location.assign("/search"); return true; },
      ".": () => { const fresh = find(".fresh:not([hidden])"); if (fresh) fresh.click(); return Boolean(fresh); },
      "?": () => { help().catch(() => location.assign("/menu#keys")); return true; },
    }[key];
    if (done && done()) event.preventDefault();
  });
})();
