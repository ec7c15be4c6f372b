// The draggable skeleton. Runs once per widget; Gradio passes element, trigger, props and watch.
// props.value is an OpenPose JSON text on a canvas of 192x256; its key photo is a picture of the same canvas, or "".
const [W, H, LEAST] = [192, 256, 4];
const NS = "http://www.w3.org/2000/svg";
const SWAP = [0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 15, 14, 17, 16];
const find = (selector) => element.querySelector(selector);
const svg = find("svg");
const body = JSON.parse(find(".stage").dataset.body); // names, limbs, colours, parents, standing: see pose_editor.py
const { say } = window.outfitStudio;
const nameOf = (i) => say("joint." + body.names[i]);
const round = (v) => Math.round(v * 100) / 100;

let state = null; // { joints: [{ x, y, c }], flipped }: c = 0 for a hidden joint, which keeps its place here
let start = null; // what Reset goes back to
let undone = [], done = [];
let chosen = 4; // the right wrist
let held = null; // the joint that a pointer drags: { joint, id, dx, dy, before }
let photo = "", photoOn = true;
let sent = ""; // the last value that came from here

function parse(openpose) {
  const flat = openpose.people[0].pose_keypoints_2d;
  const joints = body.names.map((_, i) => ({ x: flat[3 * i], y: flat[3 * i + 1], c: flat[3 * i + 2] }));
  place(joints);
  return { joints, flipped: false };
}

// A missing joint has no coordinates: it waits where it would be, seen from its parent, in a standing person.
function place(joints) {
  const known = joints.map((joint) => joint.c > 0);
  const at = (i) => {
    if (known[i]) return joints[i];
    const parent = body.parents[i], stand = body.standing[i];
    const away = parent < 0 ? { x: 0, y: 0 } : { x: at(parent).x - body.standing[parent][0], y: at(parent).y - body.standing[parent][1] };
    joints[i].x = Math.min(W, Math.max(0, round(stand[0] + away.x)));
    joints[i].y = Math.min(H, Math.max(0, round(stand[1] + away.y)));
    known[i] = true;
    return joints[i];
  };
  joints.forEach((_, i) => at(i));
}

function text() {
  const flat = state.joints.flatMap(({ x, y, c }) => (c > 0 ? [x, y, c] : [0, 0, 0]));
  return JSON.stringify({ version: 1.3, canvas_height: H, canvas_width: W, people: [{ pose_keypoints_2d: flat }] });
}

const copy = (s) => ({ joints: s.joints.map((joint) => ({ ...joint })), flipped: s.flipped });
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const shownCount = () => state.joints.filter((joint) => joint.c > 0).length;

// ------------------------------------------------------------------ drawing

function make(kind, attributes, parent) {
  const node = document.createElementNS(NS, kind);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent.appendChild(node);
  return node;
}

const limbs = body.limbs.map((_, i) =>
  make("line", { stroke: body.colours[i], "stroke-width": i < 13 ? 4 : 2 }, find(".limbs")));
const knobs = body.names.map((name, i) => {
  const knob = make("g", { class: "joint", tabindex: "0", role: "button", "data-joint": name }, find(".joints"));
  make("circle", { class: "reach", r: i < 14 ? 9 : 4 }, knob);
  make("circle", { class: "ring", r: i < 14 ? 5.6 : 4 }, knob);
  make("circle", { class: "dot", r: i < 14 ? 3.2 : 2 }, knob);
  make("title", {}, knob);
  return knob;
});

function draw() {
  const joints = state.joints;
  body.limbs.forEach(([a, b], i) => {
    const visible = joints[a].c > 0 && joints[b].c > 0;
    limbs[i].setAttribute("visibility", visible ? "visible" : "hidden");
    limbs[i].setAttribute("opacity", 0.3 + 0.65 * Math.min(joints[a].c, joints[b].c));
    for (const [key, value] of [["x1", joints[a].x], ["y1", joints[a].y], ["x2", joints[b].x], ["y2", joints[b].y]])
      limbs[i].setAttribute(key, value);
  });
  knobs.forEach((knob, i) => {
    const { x, y, c } = joints[i];
    const says = say(c > 0 ? "skeleton.sure" : "skeleton.hidden", { joint: nameOf(i), percent: Math.round(c * 100) });
    knob.setAttribute("transform", "translate(" + x + " " + y + ")");
    knob.setAttribute("class", "joint" + (c > 0 ? "" : " off") + (i === chosen ? " chosen" : "") + (held && held.joint === i ? " held" : ""));
    knob.setAttribute("aria-label", says + ", " + Math.round(x) + " " + Math.round(y));
    knob.querySelector("title").textContent = says;
  });
  const picture = find("image");
  picture.setAttribute("href", photo);
  picture.setAttribute("visibility", photo && photoOn ? "visible" : "hidden");
  picture.setAttribute("class", state.flipped ? "flipped" : "");
  drawBar();
}

function drawBar() {
  const visible = state.joints[chosen].c > 0;
  find(".name").textContent = nameOf(chosen)[0].toUpperCase() + nameOf(chosen).slice(1);
  find(".toggle").textContent = say(visible ? "skeleton.hide" : "skeleton.show");
  find(".toggle").disabled = visible && shownCount() <= LEAST;
  find(".undo").disabled = !done.length;
  find(".redo").disabled = !undone.length;
  find(".reset").disabled = same(state, start);
  find(".photo").hidden = !photo;
  find(".photo").setAttribute("aria-pressed", String(photoOn));
}

// ------------------------------------------------------------------ changes

function send() {
  draw();
  sent = text();
  props.value = sent;
  trigger("input");
}

function commit(before) {
  if (same(before, state)) return draw();
  done.push(before);
  if (done.length > 200) done.shift();
  undone = [];
  send();
}

function step(from, to) {
  if (!from.length) return;
  to.push(state);
  state = from.pop();
  send();
}

function mirror() {
  const before = copy(state);
  state.joints = SWAP.map((i) => ({ ...before.joints[i], x: round(W - before.joints[i].x) }));
  state.flipped = !state.flipped;
  chosen = SWAP[chosen];
  commit(before);
}

function toggle(i) {
  const before = copy(state), joint = state.joints[i];
  chosen = i;
  if (joint.c > 0 && shownCount() <= LEAST) return draw();
  joint.c = joint.c > 0 ? 0 : 1;
  commit(before);
}

function moveTo(i, x, y) {
  const joint = state.joints[i];
  joint.x = round(Math.min(W, Math.max(0, x)));
  joint.y = round(Math.min(H, Math.max(0, y)));
  joint.c = 1; // placed by hand
}

// ------------------------------------------------------------------ pointer, keys, buttons

function canvasPoint(event) {
  const box = svg.getBoundingClientRect();
  return { x: ((event.clientX - box.left) / box.width) * W, y: ((event.clientY - box.top) / box.height) * H, unit: W / box.width };
}

// The nearest joint wins, since the face's joints lie closer together than a fingertip is wide.
function nearest({ x, y, unit }, reachPx) {
  const distance = state.joints.map((joint) => Math.hypot(joint.x - x, joint.y - y) + (joint.c > 0 ? 0 : 2));
  const best = distance.indexOf(Math.min(...distance));
  return distance[best] <= reachPx * unit ? best : -1;
}

svg.addEventListener("pointerdown", (event) => {
  if (held || event.button > 0) return;
  const point = canvasPoint(event);
  const joint = nearest(point, event.pointerType === "mouse" ? 16 : 26);
  if (joint < 0) return;
  event.preventDefault();
  chosen = joint;
  const { x, y } = state.joints[joint];
  held = { joint, id: event.pointerId, dx: x - point.x, dy: y - point.y, before: copy(state), moved: false };
  svg.setPointerCapture(event.pointerId);
  knobs[joint].focus({ preventScroll: true });
  draw();
});
svg.addEventListener("pointermove", (event) => {
  if (!held || event.pointerId !== held.id) return;
  const point = canvasPoint(event);
  const [x, y] = [point.x + held.dx, point.y + held.dy];
  const was = held.before.joints[held.joint];
  if (!held.moved && Math.hypot(x - was.x, y - was.y) < 2 * point.unit) return; // a tap chooses, it does not move
  held.moved = true;
  moveTo(held.joint, x, y);
  draw();
});
function release(event) {
  if (!held || event.pointerId !== held.id) return;
  const before = held.before;
  held = null;
  commit(before);
}
svg.addEventListener("pointerup", release);
svg.addEventListener("pointercancel", release);
svg.addEventListener("touchstart", (event) => { // keeps the page still for browsers that ignore touch-action in SVG
  if (nearest(canvasPoint(event.touches[0]), 26) >= 0) event.preventDefault();
}, { passive: false });
svg.addEventListener("dblclick", (event) => {
  const joint = nearest(canvasPoint(event), 16);
  if (joint >= 0) toggle(joint);
});

knobs.forEach((knob, i) => knob.addEventListener("focus", () => { if (chosen !== i) { chosen = i; draw(); } }));
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
element.addEventListener("keydown", (event) => {
  const command = event.ctrlKey || event.metaKey, key = event.key.toLowerCase();
  if (command && (key === "z" || key === "y")) {
    if (key === "y" || event.shiftKey) step(undone, done); else step(done, undone);
  } else if (event.target.closest(".joint") && !command && ARROWS[event.key]) {
    const before = copy(state), far = event.shiftKey ? 8 : 1, { x, y } = state.joints[chosen];
    moveTo(chosen, x + far * ARROWS[event.key][0], y + far * ARROWS[event.key][1]);
    commit(before);
  } else if (event.target.closest(".joint") && ["h", "delete", "enter", " "].includes(key)) toggle(chosen);
  else return;
  event.preventDefault();
});

find(".undo").addEventListener("click", () => step(done, undone));
find(".redo").addEventListener("click", () => step(undone, done));
find(".mirror").addEventListener("click", mirror);
find(".toggle").addEventListener("click", () => toggle(chosen));
find(".reset").addEventListener("click", () => { const before = state; state = copy(start); commit(before); });
find(".photo").addEventListener("click", () => { photoOn = !photoOn; draw(); });

function load() {
  if (props.value === sent) return;
  const given = JSON.parse(props.value);
  photo = given.photo || "";
  state = parse(given);
  start = copy(state);
  done = [], undone = [];
  held = null;
  sent = props.value;
  draw();
}
watch("value", load);
load();
