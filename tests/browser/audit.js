// What is wrong with the page as it is shown: a list of sentences. Runs beside the page.
(() => {
  const wrong = [];
  const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden";
  const words = (e) => `<${e.tagName.toLowerCase()}> "${(e.innerText || e.getAttribute("aria-label") || e.id || e.className).trim().slice(0, 40)}"`;

  // Reflow (WCAG 1.4.10).
  // What sticks out of the content is not to be seen, and must not be there either.
  const width = Math.max(document.documentElement.scrollWidth, document.querySelector("main")?.scrollWidth ?? 0);
  if (width > innerWidth) wrong.push(`the page is ${width} wide in a window of ${innerWidth}`);

  // Contrast (WCAG 1.4.3), against the nearest ground that is not see-through.
  const parse = (text) => {
    const found = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return { rgb: found.slice(0, 3), alpha: found.length > 3 ? found[3] : 1 };
  };
  const over = (top, ground) => top.rgb.map((value, at) => value * top.alpha + ground[at] * (1 - top.alpha));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const layer = parse(getComputedStyle(e).backgroundColor);
      if (layer.alpha > 0) layers.push(layer);
      if (layer.alpha === 1) break;
    }
    const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
    return layers.reduceRight((below, layer) => over(layer, below), canvas);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const looked = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || looked.has(element) || !shown(element)) continue;
    looked.add(element);
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    if (size === 0 || element.getBoundingClientRect().width <= 1) continue;
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const below = ground(element);
    const found = ratio(over(parse(style.color), below), below);
    if (found < (large ? 3 : 4.5)) wrong.push(`${words(element)} has a contrast of ${found.toFixed(2)}`);
  }

  // Targets (WCAG 2.5.8): 24 by 24, unless they stand in a line of text.
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, summary")) {
    if (!shown(e)) continue;
    const box = e.getBoundingClientRect();
    const inline = getComputedStyle(e).display === "inline";
    if (!inline && box.width > 1 && (box.height < 24 || box.width < 24)) {
      wrong.push(`${words(e)} is ${Math.round(box.width)} by ${Math.round(box.height)}`);
    }
    // Visible focus (WCAG 2.4.7), each of them.
    e.focus({ focusVisible: true, preventScroll: true });
    const outline = getComputedStyle(e);
    if (document.activeElement === e && (outline.outlineStyle === "none" || parseFloat(outline.outlineWidth) < 2)) {
      wrong.push(`${words(e)} does not show that it has the focus`);
    }
    e.blur();
  }

  // Structure (WCAG 1.3.1, 2.4.2, 3.1.1, 4.1.1).
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of ids.filter((id, at) => ids.indexOf(id) !== at)) wrong.push(`the id ${id} stands twice`);
  if (document.querySelectorAll("h1").length !== 1) wrong.push("there is not exactly one first heading");
  if (!document.title.trim() || !document.documentElement.lang) wrong.push("title or language is missing");
  for (const image of document.images) {
    if (!image.complete || image.naturalWidth === 0) wrong.push(`the picture ${image.src} does not load`);
  }
  if (getComputedStyle(document.querySelector("main")).display === "inline") wrong.push("the style sheet is not there");
  return wrong;
})()
