// The participation map: map and list are two views of one state, and the state is the page's address after "#".
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("filters");
  const layerChoice = document.getElementById("layer");
  const cards = new Map([...document.querySelectorAll(".instance")].map((card) => [card.dataset.id, card]));
  const events = [...document.querySelectorAll(".agenda > li")];
  const fold = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
  const found = new Map([...cards].map(([id, card]) => [id, fold(card.textContent)]));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  let chosen = "";
  let moved = false, framing = false; // whether the reader has moved the map; while we do
  let reading = false; // while the state is put into the page, nothing that changes is a reader's act

  const crowded = data.districts.length > 10; // smaller names, above the middle, and smaller signs have room
  document.getElementById("map").classList.toggle("crowded", crowded);

  // The map: districts below, signs of the instances above, no tiles.
  const map = L.map("map", {
    attributionControl: false, zoomControl: false, zoomSnap: 0.25, fadeAnimation: !calm, zoomAnimation: !calm,
  });
  L.control.zoom({ zoomInTitle: data.words.zoom_in, zoomOutTitle: data.words.zoom_out }).addTo(map);
  if (data.to_scale) L.control.scale({ imperial: false }).addTo(map);
  map.createPane("names").classList.add("names"); // above the districts, below the signs
  const districts = L.geoJSON(data.districts.map((one) => ({ type: "Feature", properties: one, geometry: one.outline })), {
    style: { className: "district plain", fill: true },
    onEachFeature: (feature, layer) => layer.bindTooltip(() => districtWords(feature.properties), { sticky: true }),
  }).addTo(map);
  const names = L.layerGroup(districts.getLayers().map(label));
  const pins = new Map(data.instances.filter((one) => one.at).map((one) => [one.id, pin(one)]));

  // The name of a district, with how many of the instances shown are its own; without any, the word for none on record.
  function label(layer) {
    const { id, name, middle } = layer.feature.properties;
    const tooltip = L.tooltip({ pane: "names", permanent: true, direction: crowded ? "top" : "center", className: "name" });
    tooltip.count = (shown) => {
      const own = data.instances.filter((one) => one.facets.district.includes(id));
      const number = own.length ? numbers.format(own.filter((one) => shown.has(one.id)).length) : data.none;
      tooltip.setContent(document.createTextNode(`${name} (${number})`));
    };
    return tooltip.setLatLng(middle);
  }

  function districtWords(district) {
    const cell = district.cells[layerChoice ? layerChoice.value : ""];
    const words = document.createElement("span");
    words.textContent = cell ? `${district.name}: ${cell.words}` : district.name;
    return words;
  }

  function pin(one) {
    const size = crowded ? 12 : 18;
    const svg = `<svg class="${one.type}" viewBox="0 0 20 20"><path class="shape" d="${data.shapes[one.type] || data.shapes.space}"/><circle cx="10" cy="10" r="11.5"/></svg>`;
    const icon = L.divIcon({ className: one.at[2] ? "pin approximate" : "pin", html: svg, iconSize: [size, size] });
    const name = document.createTextNode(one.notes.length ? `${one.name} (${one.notes.join(", ")})` : one.name);
    return L.marker([one.at[0], one.at[1]], { icon, keyboard: false, riseOnHover: true })
      .bindTooltip(() => { const words = document.createElement("span"); words.append(name.cloneNode()); return words; })
      .on("click", () => { choose(one.id); show(one.id); });
  }

  function frame() {
    const places = [...pins.values()].map((one) => one.getLatLng());
    const bounds = districts.getBounds().extend(places.length ? L.latLngBounds(places) : districts.getBounds());
    if (!bounds.isValid()) return map.setView([0, 0], 1);
    moved = false;
    framing = true;
    map.setMinZoom(0).fitBounds(bounds, { padding: [8, 8], animate: false });
    map.setMinZoom(map.getZoom() - 1).setMaxBounds(bounds.pad(0.6));
    framing = false;
    const room = map.getSize().x / Math.sqrt(data.districts.length || 1);
    return room > 90 ? names.addTo(map) : names.remove();
  }

  // The state: words searched, filters, dates, layer, and the one instance that is open.
  function state() {
    const pairs = [...new FormData(form)].filter(([, value]) => value.trim());
    return chosen ? [["instance", chosen], ...pairs] : pairs;
  }

  function read() {
    if (/^#[\w-]+$/.test(location.hash)) return update(); // a place on this page, not a selection
    const asked = new URLSearchParams(location.hash.slice(1));
    reading = true;
    for (const field of form.elements) {
      if (!field.name) continue;
      field.value = asked.get(field.name) || "";
      const folded = field.value && field.closest("details");
      if (folded) folded.open = true;
    }
    choose(cards.has(asked.get("instance")) ? asked.get("instance") : "");
    reading = false;
    update();
    if (chosen) show(chosen);
  }

  function write() {
    const address = `#${new URLSearchParams(state())}`;
    if (address !== (location.hash || "#")) history.replaceState(null, "", address);
  }

  function fits(one, asked) {
    const words = fold(asked.q || "").split(/\s+/).filter(Boolean);
    const [start, end] = one.span;
    return words.every((word) => found.get(one.id).includes(word))
      && Object.keys(one.facets).every((facet) => !asked[facet] || one.facets[facet].includes(asked[facet]))
      && (!asked.from || !end || end >= asked.from)
      && (!asked.to || !start || start <= asked.to);
  }

  function update() {
    const asked = Object.fromEntries(new FormData(form));
    const shown = new Set(data.instances.filter((one) => fits(one, asked)).map((one) => one.id));
    for (const [id, card] of cards) card.parentElement.hidden = !shown.has(id);
    for (const [id, one] of pins) if (shown.has(id)) one.addTo(map); else one.remove();
    names.eachLayer((one) => one.count(shown));
    for (const item of events) item.hidden = !shown.has(item.dataset.instance);
    if (chosen && !shown.has(chosen)) choose("");
    document.getElementById("nothing").hidden = shown.size > 0;
    document.getElementById("count").textContent = data.words.count
      .replace("%shown%", numbers.format(shown.size)).replace("%total%", numbers.format(data.instances.length));
    paint(asked.layer || "");
    mark();
    write();
  }

  function paint(layer) {
    for (const legend of document.querySelectorAll(".bands")) legend.hidden = legend.dataset.layer !== layer;
    const own = data.instances.find((one) => one.id === chosen);
    districts.eachLayer((one) => {
      const { id, cells } = one.feature.properties;
      const look = layer ? cells[layer].look : "plain";
      const mine = own && own.facets.district.includes(id);
      one.getElement().setAttribute("class", `leaflet-interactive district ${look}${mine ? " chosen" : ""}`);
      if (mine) one.bringToFront();
    });
  }

  // One instance is open in the list and ringed on the map.
  function choose(id) {
    chosen = id;
    for (const [other, card] of cards) if (card.open !== (other === id)) card.open = other === id;
  }

  function mark() {
    for (const [id, one] of pins) {
      const element = one.getElement();
      if (element) element.classList.toggle("chosen", id === chosen);
      one.setZIndexOffset(id === chosen ? 1000 : 0);
    }
  }

  function show(id) {
    cards.get(id).scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
    update();
    const one = pins.get(id);
    if (one && !map.getBounds().pad(-0.1).contains(one.getLatLng())) map.panTo(one.getLatLng(), { animate: !calm });
  }

  for (const [id, card] of cards) {
    card.addEventListener("toggle", () => {
      if (reading || card.open === (chosen === id)) return;
      choose(card.open ? id : "");
      if (card.open) show(id); else update();
    });
  }
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { choose(""); update(); frame(); }));
  addEventListener("hashchange", read);
  if (layerChoice) layerChoice.addEventListener("input", update);
  map.on("movestart", () => { moved ||= !framing; });
  new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    if (!moved) frame();
  }).observe(map.getContainer());
  frame();
  read();
})();
