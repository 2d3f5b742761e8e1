// Starts the page's script, which is embedded in it, compressed. The page's policy knows the hash of what may be started.
const packed = Uint8Array.from(atob(document.getElementById("script").textContent), (letter) => letter.charCodeAt(0));
const text = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
const policy = self.trustedTypes?.createPolicy("unpack", { createScript: (script) => script });
const element = document.createElement("script");
element.type = "module";
element.text = policy ? policy.createScript(text) : text;
document.body.append(element);
