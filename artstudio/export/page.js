// Paints the shader over the whole window, slower or coarser where the machine is slow; a still where motion is reduced.
const SHADER = {{ shader }};
const canvas = document.querySelector("canvas");
const gl = canvas.getContext("webgl2", { antialias: false, powerPreference: "low-power" });
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let place, drawn = 0, share = 1, slow = 0, seconds = 0, last = 0;

function compile(type, text) {
  const shader = gl.createShader(type);
  gl.shaderSource(shader, "#version 300 es\nprecision highp float;\nprecision highp int;\n" + text);
  gl.compileShader(shader);
  return shader;
}

function start() {
  const program = gl.createProgram();
  gl.attachShader(program, compile(gl.VERTEX_SHADER,
    "void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4. - 1., 0., 1.); }"));
  gl.attachShader(program, compile(gl.FRAGMENT_SHADER, "uniform vec3 iResolution;\nuniform float iTime;\nout vec4 o;\n"
    + SHADER + "void main() { mainImage(o, gl_FragCoord.xy); }"));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
  gl.useProgram(program);
  place = (name) => gl.getUniformLocation(program, name);
}

function paint() {
  const ratio = Math.min(devicePixelRatio, 2) * share;
  const [width, height] = [innerWidth, innerHeight].map((side) => Math.max(1, Math.round(side * ratio)));
  if (canvas.width !== width || canvas.height !== height) {
    [canvas.width, canvas.height] = [width, height];
    gl.viewport(0, 0, width, height);
  }
  gl.uniform3f(place("iResolution"), width, height, 1);
  gl.uniform1f(place("iTime"), seconds);
  gl.drawArrays(gl.TRIANGLES, 0, 3);
}

function frame(now) {
  if (calm.matches) return;
  const passed = now - last;
  last = now;
  seconds += Math.min(passed, 100) / 1000; // the page may have been hidden
  slow = passed > 45 ? slow + 1 : 0;
  if (slow > 12 && share > 0.25) [share, slow] = [share / 2, 0];
  paint();
  drawn = requestAnimationFrame(frame);
}

function move() {
  cancelAnimationFrame(drawn);
  if (calm.matches) paint();
  else drawn = requestAnimationFrame((now) => { last = now; frame(now); });
}

if (gl) {
  start();
  paint();
  move();
  calm.addEventListener("change", move);
  addEventListener("resize", () => { if (calm.matches) paint(); });
  canvas.addEventListener("webglcontextlost", (event) => { event.preventDefault(); cancelAnimationFrame(drawn); });
  canvas.addEventListener("webglcontextrestored", () => { start(); move(); });
}
