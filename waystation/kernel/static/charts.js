/* Charts from the JSON that stands beside them, in our colours. The table with the same figures is
   always on the page too. Pages that have charts load echarts.min.js and this, both deferred.

   A specification: { kind: "bar" | "line" | "stack" | "share" | "map", labels: [...],
   series: [{ name, values: [...] }], unit, areas: address of GeoJSON (map only) }. */
(function () {
  "use strict";

  const COLOURS = ["#a8171f", "#1c5d99", "#c79a2b", "#1b6e45", "#7a4a8c", "#5b626c", "#d0703c", "#3d8f9e"];
  const large = document.documentElement.classList.contains("large");

  function common(spec) {
    const size = large ? 18 : 13;
    return {
      color: COLOURS,
      animation: false, // calm, and whole on paper from the first moment
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size },
      aria: { enabled: true, decal: { show: spec.series.length > 1 || spec.kind === "share" } },
      tooltip: { renderMode: "richText", trigger: spec.kind === "share" || spec.kind === "map" ? "item" : "axis",
        confine: true, textStyle: { fontSize: size }, valueFormatter: (value) => number(value, spec.unit) },
      legend: { show: spec.series.length > 1 || spec.kind === "share", bottom: 0, textStyle: { fontSize: size } },
      grid: { left: 8, right: 16, top: 28, bottom: spec.series.length > 1 ? 40 : 8, containLabel: true },
    };
  }

  function number(value, unit) {
    if (value === null || value === undefined || Number.isNaN(value)) return "—";
    return Number(value).toLocaleString() + (unit ? " " + unit : "");
  }

  function axes(spec) {
    const size = large ? 18 : 12;
    return {
      xAxis: { type: "category", data: spec.labels, axisTick: { show: false }, axisLabel: { fontSize: size, color: "#5b626c", hideOverlap: true } },
      yAxis: { type: "value", name: spec.unit || "", axisLabel: { fontSize: size, color: "#5b626c" }, splitLine: { lineStyle: { color: "#e4e2de" } } },
      series: spec.series.map((one) => ({
        name: one.name, data: one.values, type: spec.kind === "line" ? "line" : "bar",
        stack: spec.kind === "stack" ? "all" : undefined, barMaxWidth: 36, symbolSize: 7,
      })),
    };
  }

  function share(spec) {
    const values = spec.series[0].values;
    const total = values.reduce((sum, value) => sum + value, 0) || 1;
    const percent = (label) => ((values[spec.labels.indexOf(label)] / total) * 100).toFixed(1) + "%";
    // The shares stand in the legend: labels beside the ring have no room on a phone.
    return { legend: { bottom: 0, formatter: (label) => label + " " + percent(label), textStyle: { fontSize: large ? 18 : 13 } },
      series: [{ type: "pie", name: spec.series[0].name, radius: ["42%", "70%"], center: ["50%", "40%"], label: { show: false },
      data: spec.labels.map((label, index) => ({ name: label, value: values[index] })) }] };
  }

  async function map(spec) {
    const answer = await fetch(spec.areas, { credentials: "same-origin" });
    window.echarts.registerMap(spec.areas, await answer.json());
    const values = spec.series[0].values;
    return {
      visualMap: { left: 0, bottom: 0, min: 0, max: Math.max.apply(null, values.concat(1)), text: [spec.unit || "", ""], inRange: { color: ["#f6e7e0", "#a8171f"] }, calculable: true },
      series: [{ type: "map", map: spec.areas, name: spec.series[0].name, label: { show: true, fontSize: large ? 18 : 12 },
        data: spec.labels.map((label, index) => ({ name: label, value: values[index] })) }],
    };
  }

  async function draw(place) {
    const beside = document.getElementById(place.dataset.chart);
    const spec = place.dataset.chartUrl
      ? await (await fetch(place.dataset.chartUrl, { credentials: "same-origin" })).json()
      : JSON.parse(beside.textContent);
    const own = spec.kind === "share" ? share(spec) : spec.kind === "map" ? await map(spec) : axes(spec);
    const chart = window.echarts.init(place);
    const label = place.getAttribute("aria-label");
    chart.setOption(Object.assign(common(spec), own));
    place.setAttribute("aria-label", label); // ECharts writes a long sentence; the table says it better
    window.addEventListener("resize", () => chart.resize());
    window.addEventListener("beforeprint", () => chart.resize());
  }

  function arrive(root) {
    Array.from(root.querySelectorAll("[data-chart]")).forEach((place) => {
      if (!place.dataset.drawn) {
        place.dataset.drawn = "1";
        draw(place);
      }
    });
  }
  arrive(document);
  document.addEventListener("htmx:load", (event) => arrive(event.detail.elt));
})();
