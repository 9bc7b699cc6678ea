// A signature is drawn with mouse, pen or finger, and goes as a picture with the form; what comes back with an error is
// drawn again.
for (const form of document.querySelectorAll("[data-signing]")) {
  const pad = form.querySelector("canvas");
  const ink = pad.getContext("2d");
  const evidence = form.querySelector("input[name$='evidence']");
  const before = evidence.value;
  let drawn = false;

  function clear() {
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, pad.width, pad.height);
    ink.lineWidth = 5;
    ink.lineCap = ink.lineJoin = "round";
    ink.strokeStyle = "#0b2530";
    drawn = false;
    evidence.value = "";
  }

  // The field is as wide as the page lets it be; the picture always has the same size.
  function place(event) {
    const box = pad.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * pad.width, ((event.clientY - box.top) / box.height) * pad.height];
  }

  pad.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    ink.beginPath();
    ink.moveTo(...place(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!pad.hasPointerCapture(event.pointerId)) return;
    ink.lineTo(...place(event));
    ink.stroke();
    drawn = true;
  });
  form.querySelector("[data-clear]").addEventListener("click", clear);
  form.addEventListener("submit", () => {
    evidence.value = drawn ? pad.toDataURL("image/png") : "";
  });
  clear();
  if (before) {
    const picture = new Image();
    picture.addEventListener("load", () => {
      ink.drawImage(picture, 0, 0, pad.width, pad.height);
      drawn = true;
    });
    picture.src = before;
  }
}
