// Paints recipes with WebGL2: on the canvas, or parts of any size into memory.

import { buildNetwork, fourierFrequencies, inputChannels, latentBias } from "./calibrate.js";
import { playOverArrays } from "./blocks.js";
import { t } from "./language.js";
import { isSeamless, originPoint, parseSymmetry } from "./recipe.js";
import { spaceOf } from "./space.js";
import { fragmentShader, packWeights, shapeOf, VERTEX_SHADER } from "./shader.js";
import { bendPoints } from "./warp.js";

const MOST_PROGRAMS = 40;
const MOST_NETWORKS = 48;
const MOST_BLOCK = 4096;

// The texture unit where textures are made, so that none in use is pushed aside; 0 to 2 are weights, first pass, colours.
const SPARE_UNIT = 3;

// Multiply-adds in one draw call: little enough that no driver takes the page for hung.
const WORK_AT_ONCE = 2e9;

export class Painter {
  // Throws an Error in plain words without WebGL2.
  constructor(canvas, data) {
    this.canvas = canvas;
    this.data = data;
    this.onrestored = () => {};
    this.networks = new Map();
    const options = { alpha: false, antialias: false, depth: false, stencil: false, preserveDrawingBuffer: true, powerPreference: "high-performance" };
    this.gl = canvas.getContext("webgl2", options);
    if (!this.gl) throw new Error(t("Pictures are painted with WebGL 2, which is missing here. Every current browser has it: perhaps hardware acceleration is switched off in the settings, or the graphics driver is too old."));
    this.lost = (event) => event.preventDefault();
    this.restored = () => {
      this.setUp();
      this.onrestored();
    };
    canvas.addEventListener("webglcontextlost", this.lost);
    canvas.addEventListener("webglcontextrestored", this.restored);
    this.setUp();
  }

  setUp() {
    const { gl } = this;
    this.parallel = gl.getExtension("KHR_parallel_shader_compile");
    this.blockSize = Math.min(MOST_BLOCK, Math.floor(gl.getParameter(gl.MAX_UNIFORM_BLOCK_SIZE) / 16));
    this.programs = new Map();
    this.uploaded = new WeakMap();
    this.targets = new Map();
    this.empty = this.target("empty", 1, 1).texture;
    gl.bindVertexArray(gl.createVertexArray());
    gl.disable(gl.DITHER);
  }

  // Sets the canvas's size and paints it; `other` is a second recipe, shown right of `divider` (0 to 1). `samples` along
  // each side of a pixel; 0 is automatic: more of them at edges only.
  paint(recipe, { width, height, samples = 1, divider = null, other = null }) {
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    if (this.gl.drawingBufferColorSpace) this.gl.drawingBufferColorSpace = spaceOf(this.data, recipe);
    const split = other ? Math.round(width * Math.min(1, Math.max(0, divider ?? 0.5))) : width;
    const area = { width, height, x: 0, y: 0, w: width, h: height, samples };
    if (split > 0) this.draw(recipe, { ...area, w: split }, null);
    if (split < width) this.draw(other, { ...area, x: split, w: width - split }, null);
  }

  // The pixels of a part of a picture: Uint8Array, red, green, blue, alpha, row by row from the top.
  pixels(recipe, { width, height, x = 0, y = 0, w = width, h = height, samples = 1 }) {
    const { gl } = this;
    const target = this.target("pixels", w, h);
    this.draw(recipe, { width, height, x, y, w, h, samples }, target);
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
    const bytes = new Uint8Array(4 * w * h);
    gl.readPixels(0, 0, w, h, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    return bytes;
  }

  // Resolves once a recipe's program is compiled; until then `paint` would wait for it.
  async ready(recipe) {
    const found = this.program(recipe);
    while (this.parallel && !this.gl.isContextLost() && !this.gl.getProgramParameter(found.program, this.parallel.COMPLETION_STATUS_KHR)) {
      await new Promise((resolve) => { setTimeout(resolve, 4); });
    }
  }

  // The pre-activations of the first layer where the canvas, before the view, has the coordinates (x, y): its short side
  // spans [-1, 1], y down.
  firstLayer(recipe, x, y) {
    const { data } = this;
    const network = this.network(recipe);
    const [a, b, c, d, e, f] = viewMatrix(recipe);
    const seamless = isSeamless(data, recipe);
    const { record, folds } = parseSymmetry(data, recipe.symmetry);
    const [left, top] = playOverArrays(record.tape, [new Float64Array([a * x + c * y + e]), new Float64Array([b * x + d * y + f]), folds], 1);
    const bent = network.warp ? bendPoints(data, network.warp, seamless, left, top) : { x: left, y: top };
    const inputs = inputChannels(data, recipe, fourierFrequencies(data, recipe, seamless), bent.x, bent.y);
    const { weights, rows, columns } = network.layers[0];
    const bias = latentBias(data, recipe, network);
    return Float64Array.from({ length: rows }, (_, u) => inputs.reduce((sum, [value], i) => sum + weights[u * columns + i] * value, bias[u]));
  }

  dispose() {
    this.canvas.removeEventListener("webglcontextlost", this.lost);
    this.canvas.removeEventListener("webglcontextrestored", this.restored);
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  // --- what a recipe needs ---------------------------------------------------------------------------------------------

  network(recipe) {
    const { view, finish, latent, schema, ...fields } = recipe;
    return remember(this.networks, JSON.stringify(fields), MOST_NETWORKS, () => buildNetwork(this.data, recipe));
  }

  program(recipe) {
    const shape = shapeOf(this.data, recipe);
    const inBlock = weightGroups(shape, recipe) <= this.blockSize;
    const key = JSON.stringify([shape, inBlock]);
    const build = () => this.compile(shape, inBlock ? this.blockSize : 0);
    return remember(this.programs, key, MOST_PROGRAMS, build, ({ program }) => this.gl.deleteProgram(program));
  }

  compile(shape, blockSize) {
    const { gl } = this;
    const program = gl.createProgram();
    const shaders = [[gl.VERTEX_SHADER, VERTEX_SHADER], [gl.FRAGMENT_SHADER, fragmentShader(this.data, shape, blockSize)]].map(([kind, text]) => {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      return shader;
    });
    gl.linkProgram(program);
    return { program, shape, blockSize, shaders, places: null };
  }

  // The places of a program's uniforms; asking for them waits until it is compiled.
  linked(found) {
    const { gl } = this;
    if (found.places) return found.places;
    const { program, shaders, blockSize } = found;
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      const words = gl.getShaderInfoLog(shaders[1]) || gl.getProgramInfoLog(program) || "no reason given";
      throw new Error(t("The graphics driver could not compile this network: {reason}", { reason: words.trim().split("\n")[0] }));
    }
    shaders.forEach((shader) => gl.deleteShader(shader));
    if (blockSize) gl.uniformBlockBinding(program, gl.getUniformBlockIndex(program, "Weights"), 0);
    found.places = new Proxy({}, {
      get: (known, name) => {
        if (!(name in known)) known[name] = gl.getUniformLocation(program, name);
        return known[name];
      },
    });
    return found.places;
  }

  // --- drawing ---------------------------------------------------------------------------------------------------------

  // Paint a part of a picture into a target of its size, or into its place on the canvas.
  draw(recipe, area, target) {
    const { samples, x, y, w, h, width, height } = area;
    if (samples !== 0) return this.pass(recipe, area, target, null);
    // A first pass with a pixel more on each side, then edges anew.
    const [left, top] = [Math.max(0, x - 1), Math.max(0, y - 1)];
    const around = { ...area, samples: 1, x: left, y: top, w: Math.min(width, x + w + 1) - left, h: Math.min(height, y + h + 1) - top };
    const painted = this.target("painted", around.w, around.h);
    this.pass(recipe, around, painted, null);
    return this.pass(recipe, area, target, { ...painted, x: left, y: top });
  }

  pass(recipe, { width, height, x, y, w, h, samples }, target, painted) {
    const { gl } = this;
    const found = this.program(recipe);
    const at = this.linked(found);
    gl.useProgram(found.program);
    gl.bindFramebuffer(gl.FRAMEBUFFER, target ? target.framebuffer : null);
    // Targets have their first row at the bottom, so that it is read first; the canvas has its own at the top.
    gl.viewport(0, 0, target ? w : width, target ? h : height);
    gl.uniform2i(at.size, width, height);
    gl.uniform2i(at.origin, target ? x : 0, target ? y : 0);
    gl.uniform1i(at.targetHeight, target ? 0 : height);
    gl.uniform1i(at.samples, samples);
    gl.uniform2i(at.paintedOrigin, painted ? painted.x : 0, painted ? painted.y : 0);
    this.useRecipe(recipe, found, at);
    // The spare unit may still hold the target that is painted into.
    this.useTexture(SPARE_UNIT, null, null);
    this.useTexture(1, at.painted, painted ? painted.texture : this.empty);
    gl.enable(gl.SCISSOR_TEST);
    const work = w * weightGroups(found.shape, recipe) * 4 * Math.max(1, samples) ** 2;
    const rows = Math.max(1, Math.floor(WORK_AT_ONCE / work));
    for (let first = 0; first < h; first += rows) {
      const count = Math.min(rows, h - first);
      gl.scissor(target ? 0 : x, target ? first : height - y - first - count, w, count);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
      if (count < h) gl.flush();
    }
    gl.disable(gl.SCISSOR_TEST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  useRecipe(recipe, { shape, blockSize }, at) {
    const { gl, data } = this;
    const network = this.network(recipe);
    const { folds } = parseSymmetry(data, recipe.symmetry);
    const { bands, contours, relief } = recipe.finish;
    gl.uniformMatrix3x2fv(at.view, false, viewMatrix(recipe));
    gl.uniform1f(at.folds, folds);
    gl.uniform2fv(at.centre, originPoint(data, recipe));
    gl.uniform1i(at.depth, recipe.depth);
    gl.uniform1i(at.unitGroups, shape.units4);
    gl.uniform1fv(at.finish, [bands, contours, relief]);
    if (network.colour.parts.length) gl.uniform1fv(at.parts, network.colour.parts);
    if (shape.activations.length > 1 && !shape.mixed) gl.uniform1iv(at.kinds, network.layers.map(({ kinds }) => kinds[0]));
    this.useWeights(recipe, network, shape, blockSize, at);
    if (network.colour.table) this.useTexture(2, at.colourTable, this.tableTexture(network));
  }

  useTexture(unit, place, texture) {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    if (place) gl.uniform1i(place, unit);
  }

  // Weights stay on the GPU until another network or other latent values are painted.
  useWeights(recipe, network, shape, blockSize, at) {
    const { gl } = this;
    const key = JSON.stringify([recipe.latent, blockSize]);
    let found = this.uploaded.get(network);
    if (found?.key !== key) {
      const packed = packWeights(shape, network, latentBias(this.data, recipe, network));
      found = { ...found, key, buffer: blockSize ? this.weightBuffer(packed, blockSize, found?.buffer) : null, texture: blockSize ? null : this.weightTexture(packed, found?.texture) };
      this.uploaded.set(network, found);
    }
    if (blockSize) gl.bindBufferBase(gl.UNIFORM_BUFFER, 0, found.buffer);
    else this.useTexture(0, at.weightTexture, found.texture);
  }

  weightBuffer(packed, blockSize, known) {
    const { gl } = this;
    const buffer = known ?? gl.createBuffer();
    const whole = new Float32Array(4 * blockSize);
    whole.set(packed);
    gl.bindBuffer(gl.UNIFORM_BUFFER, buffer);
    gl.bufferData(gl.UNIFORM_BUFFER, whole, gl.DYNAMIC_DRAW);
    return buffer;
  }

  weightTexture(packed, known) {
    const rows = Math.ceil(packed.length / 4096);
    const whole = new Float32Array(4096 * rows);
    whole.set(packed);
    return this.floatTexture(known, this.gl.RGBA32F, 1024, rows, this.gl.RGBA, whole);
  }

  tableTexture(network) {
    const found = this.uploaded.get(network);
    if (!found.table) {
      const side = Math.sqrt(this.data.constants.tableSize);
      found.table = this.floatTexture(null, this.gl.RGB32F, side, side, this.gl.RGB, network.colour.table);
    }
    return found.table;
  }

  floatTexture(known, inner, width, height, format, values) {
    const { gl } = this;
    const texture = known ?? gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + SPARE_UNIT);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage2D(gl.TEXTURE_2D, 0, inner, width, height, 0, format, gl.FLOAT, values);
    this.plainTexture();
    return texture;
  }

  plainTexture() {
    const { gl } = this;
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
  }

  // A texture to paint into, kept until another size is asked for.
  target(name, width, height) {
    const { gl } = this;
    const known = this.targets.get(name);
    if (known?.width === width && known.height === height) return known;
    const texture = known?.texture ?? gl.createTexture();
    const framebuffer = known?.framebuffer ?? gl.createFramebuffer();
    gl.activeTexture(gl.TEXTURE0 + SPARE_UNIT);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    this.plainTexture();
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    const made = { texture, framebuffer, width, height };
    this.targets.set(name, made);
    return made;
  }
}

// [x, y, 1] on the canvas to the network's coordinates, column by column.
function viewMatrix({ view }) {
  const angle = (view.rotation * Math.PI) / 180;
  const [c, s] = [Math.cos(angle) / view.zoom, Math.sin(angle) / view.zoom];
  return [c, s, -s, c, ...view.centre];
}

// Groups of four weights, and so of multiply-adds for a pixel.
function weightGroups(shape, recipe) {
  const { units4, inputs4, channels4, skip, mixed, warped, waves4 } = shape;
  const first = units4 * (1 + mixed + 4 * inputs4);
  const hidden = units4 * (1 + mixed + 4 * (units4 + (skip ? inputs4 : 0)));
  return 2 * waves4 + (warped ? 96 : 0) + first + (recipe.depth - 1) * hidden + channels4 * (1 + 4 * units4);
}

// A value of a map, made if it is new; the one unused for the longest makes room.
function remember(map, key, most, make, drop = () => {}) {
  const value = map.has(key) ? map.get(key) : make();
  map.delete(key);
  map.set(key, value);
  if (map.size > most) {
    const [oldest] = map.keys();
    drop(map.get(oldest));
    map.delete(oldest);
  }
  return value;
}
