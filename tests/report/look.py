#!/usr/bin/env python3
"""Opens the pages that ch24 writes in headless Chromium, as an analyst would, and looks for what spoils them.

    python3 tests/report/look.py --ch24 target/release/ch24 [--screenshots DIR]

At a desktop and at a phone width, in light and dark: nothing is wider than the window, no text is fainter than WCAG AA
asks (4.5 to 1), nothing is loaded, no error is logged, scripts stay off. Without Chromium on the PATH it says so and
passes.
"""

import argparse
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WIDTHS = [1280, 390]
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--enable-logging=stderr",
    "--virtual-time-budget=20000",
]

# The page forbids scripts, so a copy of it without that line is measured, with one script at its end.
MEASURE = """
<script>
const wide = [], faint = [], seen = new Set();
const channel = part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
const parts = color => (color.match(/[\\d.]+/g) || []).map(Number);
const luminance = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
const backdrop = node => {
  for (; node; node = node.parentElement) {
    const color = parts(getComputedStyle(node).backgroundColor);
    if (color.length === 3 || color[3] > 0) return color;
  }
  return [255, 255, 255];
};
document.querySelectorAll("details").forEach(details => details.open = true);
const scrolls = node => node.closest(".scroll, .skip, svg");
for (const node of document.querySelectorAll("body *")) {
  const box = node.getBoundingClientRect();
  if (box.right > innerWidth + 1 && !scrolls(node)) wide.push(node.tagName + "." + node.className);
  const hasText = [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
  if (!hasText || box.width === 0 || node.tagName === "SCRIPT") continue;
  const style = getComputedStyle(node);
  const front = parts(node.closest("svg") ? style.fill : style.color), back = backdrop(node);
  const [light, dark] = [luminance(front), luminance(back)].sort((left, right) => right - left);
  const contrast = (light + 0.05) / (dark + 0.05);
  const what = `${node.tagName}.${node.getAttribute("class")} ${front} on ${back}: ${contrast.toFixed(2)}`;
  if (contrast < 4.5 && !seen.has(what)) { seen.add(what); faint.push(what); }
}
document.body.innerHTML = "<pre id=measured>" + JSON.stringify({
  window: innerWidth, page: document.documentElement.scrollWidth, wide: wide.slice(0, 10), faint: faint.slice(0, 10),
  dark: matchMedia("(prefers-color-scheme: dark)").matches,
}).replace(/&/g, "&amp;").replace(/</g, "&lt;") + "</pre>";
</script>
"""


def chromium():
    """The browser, or nothing."""
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    return next((path for path in map(shutil.which, names) if path), None)


def browse(browser, page, width, dark, *more, height=900):
    """Runs the browser on a page."""
    with tempfile.TemporaryDirectory() as profile:
        scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
        command = [browser, *FLAGS, *scheme, f"--user-data-dir={profile}", f"--window-size={width},{height}", *more]
        return subprocess.run([*command, page.as_uri()], capture_output=True, text=True, timeout=180, check=False)


def framed(page, width, folder, name):
    """A page of a given width: headless windows are never narrower than 500 pixels, frames are."""
    wrapper = folder / f"{name}.html"
    style = f"margin:0;border:0;width:{width}px;height:100vh"
    wrapper.write_text(f'<body style="margin:0"><iframe src="{html.escape(page.name)}" style="{style}"></iframe>')
    return wrapper


def measure(browser, page, width, dark, folder):
    """What is wrong with a page at a width."""
    text = page.read_text(encoding="utf-8")
    policy = re.search(r'<meta http-equiv="Content-Security-Policy"[^>]*>', text)
    problems = [] if policy and "default-src 'none'" in policy.group(0) else ["scripts are not forbidden"]
    problems += [f"{found} in the page" for found in re.findall(r'<script|(?:src|href|action)="(?!#)|url\(', text.lower())]
    copy = folder / f"measured-{width}.html"
    changed = text.replace(policy.group(0) if policy else "", "").replace("</body>", MEASURE + "</body>")
    copy.write_text(changed, encoding="utf-8")
    # The frame of the phone writes what it measured into its own document; its parent reads it out.
    outer = folder / f"outer-{width}.html"
    outer.write_text(
        f'<body style="margin:0"><iframe id=f src="{copy.name}" style="margin:0;border:0;width:{width}px;height:900px"></iframe>'
        "<script>onload = () => document.title = document.getElementById('f').contentDocument"
        ".getElementById('measured').textContent</script>"
    )
    result = browse(browser, outer, max(width, 800), dark, "--allow-file-access-from-files", "--dump-dom")
    title = re.search(r"<title>(.*?)</title>", result.stdout, re.S)
    if not title:
        return [*problems, "nothing was measured: " + result.stderr[-400:]]
    measured = json.loads(html.unescape(title.group(1)))
    if measured["window"] != width or measured["dark"] != dark:
        problems.append(f"not measured as asked: {measured}")
    if measured["page"] > measured["window"] or measured["wide"]:
        problems.append(f"wider than the window: {measured['page']} of {measured['window']}, {measured['wide']}")
    problems += [f"too faint: {what}" for what in measured["faint"]]
    logged = browse(browser, page, max(width, 800), dark, "--dump-dom").stderr
    problems += [line for line in logged.splitlines() if "CONSOLE" in line]
    return problems


def pages(ch24, folder):
    """The pages of a run on the sample, and the dossier of its first candidate in both editions."""
    out, dossiers = folder / "out", folder / "dossiers"
    run = lambda *arguments: subprocess.run([ch24, *map(str, arguments)], check=True, capture_output=True, cwd=ROOT)
    run("score", "sample-data/manifest.csv", "--out", out)
    run("dossier", out, "--all", "--top", "1", "--out", dossiers)
    return [out / "report.html", *sorted(dossiers.rglob("*.html"))]


def main():
    """Looks at every page at every width."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ch24", type=Path, default=ROOT / "target/release/ch24")
    parser.add_argument("--page", type=Path, action="append", help="look at this page instead of those of the sample")
    parser.add_argument("--screenshots", type=Path, help="keep pictures in this directory")
    arguments = parser.parse_args()
    browser = chromium()
    if browser is None:
        print("no chromium on the PATH: pages were not looked at")
        return 0
    found, looked = 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shown = arguments.page or pages(arguments.ch24.resolve(), folder)
        for position, page in enumerate(shown):
            for width in WIDTHS:
                for dark in [False, True]:
                    problems = measure(browser, page.resolve(), width, dark, folder)
                    looked, found = looked + 1, found + len(problems)
                    for problem in problems:
                        print(f"{page.name} at {width}{' dark' if dark else ''}: {problem}")
                    if arguments.screenshots:
                        arguments.screenshots.mkdir(parents=True, exist_ok=True)
                        copy = folder / f"shown-{position}.html"
                        shutil.copyfile(page, copy)
                        target = arguments.screenshots / f"{position}-{page.stem}-{width}{'-dark' if dark else ''}.png"
                        picture = framed(copy, width, folder, f"frame-{position}")
                        browse(browser, picture, width, dark, f"--screenshot={target.resolve()}", height=4000)
    print(f"{looked} views of {len(shown)} pages, {found} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
