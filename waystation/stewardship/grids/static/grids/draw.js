/* Drawing an area on the map beside the text field that holds its GeoJSON. The field is the truth: what is
   typed or pasted there is drawn, and what is drawn is written there. Without this file the field alone works. */
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const DIGITS = 6;
  const HANDLE = 6; // pixels

  function start(place) {
    const field = document.querySelector("[data-area]");
    const svg = place.querySelector("svg.grid-map");
    if (!field || !svg) return;
    place.hidden = false;
    const frame = {};
    ["west", "north", "scale", "squeeze"].forEach((name) => (frame[name] = Number(svg.dataset[name])));
    const whole = svg.getAttribute("viewBox").split(" ").map(Number);
    let view = whole.slice();
    let points = [];
    let held = null;
    let panned = null;

    const shape = svg.appendChild(document.createElementNS(SVG, "path"));
    shape.setAttribute("class", "drawn");
    const handles = svg.appendChild(document.createElementNS(SVG, "g"));
    const words = place.querySelector("[data-draw-count]");

    const toDrawing = (p) => [(p[0] - frame.west) * frame.squeeze * frame.scale, (frame.north - p[1]) * frame.scale];
    const toGround = (p) => [frame.west + p[0] / frame.squeeze / frame.scale, frame.north - p[1] / frame.scale];
    const rounded = (p) => p.map((value) => Number(value.toFixed(DIGITS)));

    function where(event) {
      const box = svg.getBoundingClientRect();
      return [view[0] + ((event.clientX - box.left) / box.width) * view[2], view[1] + ((event.clientY - box.top) / box.height) * view[3]];
    }

    function read() {
      try {
        let found = JSON.parse(field.value || "null");
        if (found && found.features) found = found.features[0];
        if (found && found.geometry) found = found.geometry;
        const ring = found.type === "MultiPolygon" ? found.coordinates[0][0] : found.coordinates[0];
        points = ring.slice(0, -1).map((p) => [Number(p[0]), Number(p[1])]);
      } catch (nothing) {
        points = [];
      }
      draw();
    }

    function write() {
      const ring = points.map(rounded);
      field.value = ring.length > 2 ? JSON.stringify({ type: "Polygon", coordinates: [ring.concat([ring[0]])] }) : "";
      draw();
    }

    function draw() {
      const drawn = points.map(toDrawing);
      shape.setAttribute("d", drawn.length ? "M" + drawn.map((p) => p.join(" ")).join("L") + "Z" : "");
      while (handles.firstChild) handles.removeChild(handles.firstChild);
      const radius = (HANDLE * view[2]) / (svg.getBoundingClientRect().width || whole[2]);
      drawn.forEach((p, index) => {
        const dot = handles.appendChild(document.createElementNS(SVG, "circle"));
        dot.setAttribute("class", "handle");
        dot.setAttribute("cx", p[0]);
        dot.setAttribute("cy", p[1]);
        dot.setAttribute("r", radius);
        dot.dataset.index = index;
      });
      words.textContent = points.length;
    }

    function look(next) {
      view = next;
      svg.setAttribute("viewBox", view.join(" "));
      draw();
    }

    function zoom(factor, at) {
      const middle = at || [view[0] + view[2] / 2, view[1] + view[3] / 2];
      look([middle[0] - (middle[0] - view[0]) * factor, middle[1] - (middle[1] - view[1]) * factor, view[2] * factor, view[3] * factor]);
    }

    function fit() {
      if (points.length < 3) return look(whole.slice());
      const drawn = points.map(toDrawing);
      const xs = drawn.map((p) => p[0]);
      const ys = drawn.map((p) => p[1]);
      const width = Math.max(Math.max.apply(null, xs) - Math.min.apply(null, xs), ((Math.max.apply(null, ys) - Math.min.apply(null, ys)) * whole[2]) / whole[3], 1) * 2;
      const height = (width * whole[3]) / whole[2];
      look([(Math.min.apply(null, xs) + Math.max.apply(null, xs)) / 2 - width / 2, (Math.min.apply(null, ys) + Math.max.apply(null, ys)) / 2 - height / 2, width, height]);
    }

    const tools = {
      in: () => zoom(0.6),
      out: () => zoom(1 / 0.6),
      fit: fit,
      west: () => look([view[0] - view[2] / 4, view[1], view[2], view[3]]),
      east: () => look([view[0] + view[2] / 4, view[1], view[2], view[3]]),
      north: () => look([view[0], view[1] - view[3] / 4, view[2], view[3]]),
      south: () => look([view[0], view[1] + view[3] / 4, view[2], view[3]]),
      back: () => { points.pop(); write(); },
      clear: () => { points = []; write(); },
    };
    place.addEventListener("click", (event) => {
      const button = event.target.closest("[data-draw-tool]");
      if (button) tools[button.dataset.drawTool]();
    });

    svg.addEventListener("pointerdown", (event) => {
      svg.setPointerCapture(event.pointerId);
      const index = event.target.dataset.index;
      if (index !== undefined) held = Number(index);
      else panned = { from: where(event), moved: false };
    });
    svg.addEventListener("pointermove", (event) => {
      const at = where(event);
      if (held !== null) {
        points[held] = toGround(at);
        write();
      } else if (panned) {
        const dx = at[0] - panned.from[0];
        const dy = at[1] - panned.from[1];
        if (panned.moved || Math.abs(dx) + Math.abs(dy) > view[2] / 100) {
          panned.moved = true;
          look([view[0] - dx, view[1] - dy, view[2], view[3]]);
        }
      }
    });
    svg.addEventListener("pointerup", (event) => {
      if (panned && !panned.moved) {
        points.push(toGround(where(event)));
        write();
      }
      held = panned = null;
    });
    svg.addEventListener("pointercancel", () => (held = panned = null));
    svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, where(event));
    }, { passive: false });
    field.addEventListener("input", read);
    read();
    if (points.length) fit();
  }

  Array.from(document.querySelectorAll("[data-draw]")).forEach(start);
})();
