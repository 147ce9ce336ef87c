#!/usr/bin/env python3
"""Opens a login page in a headless Chromium, and presses a button as a person does.

    browser.py URL                        presses the button that GAPI_BROWSER_BUTTON names: `allow` (default) or `deny`
    browser.py --code USER_CODE URL       first types the code of a device
    browser.py ready                      checks that there is a Chromium

GAPI_BROWSER_PROXY is the proxy through which the browser reaches hosts other than this machine. Certificates are not
checked, because the browser trusts none of the tests. Prints the URL and the text of the last page, as JSON, also into
the file GAPI_BROWSER_REPORT. Without a Chromium, prints the reason and ends with the status EX_UNAVAILABLE.

The browser is driven by the DevTools protocol over two pipes, which needs no packages.
"""

import argparse
import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
LIMIT = 60


def program():
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    print(f"none of {', '.join(NAMES)} is installed", file=sys.stderr)
    sys.exit(os.EX_UNAVAILABLE)


class Browser:
    """A running browser with one page."""

    def __init__(self, directory):
        own_read, their_write = os.pipe()
        their_read, own_write = os.pipe()
        # Chromium reads commands from descriptor 3 and writes responses to descriptor 4. Higher ones do not collide.
        high = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (their_read, their_write)]
        command = ["bash", "-c", 'exec 3<&"$0" 4>&"$1"; shift; exec "$@"', *map(str, high), program(),
                   "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
                   "--disable-component-update", "--disable-sync", "--disable-background-networking",
                   "--ignore-certificate-errors", f"--user-data-dir={directory}", "--remote-debugging-pipe"]
        proxy = os.environ.get("GAPI_BROWSER_PROXY")
        if proxy:
            command.append(f"--proxy-server={proxy}")
        self.process = subprocess.Popen([*command, "about:blank"], pass_fds=high,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for end in (their_read, their_write, *high):
            os.close(end)
        self.read, self.write, self.buffer, self.count = own_read, own_write, b"", 0
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def send(self, method, session=None, **parameters):
        """Sends a command and returns its result. Ignores events."""
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.buffer:
                received = os.read(self.read, 1 << 16)
                if not received:
                    sys.exit("the browser has ended")
                self.buffer += received
            text, self.buffer = self.buffer.split(b"\0", 1)
            response = json.loads(text)
            if response.get("id") == self.count:
                if "error" in response:
                    raise RuntimeError(f"{method}: {response['error']}")
                return response["result"]

    def value(self, expression):
        """Returns the value of an expression in the page; `None` while the page changes."""
        try:
            result = self.send("Runtime.evaluate", self.session, expression=expression, returnByValue=True)
        except RuntimeError:
            return None
        return result["result"].get("value")

    def wait(self, expression):
        started = time.monotonic()
        while not self.value(expression):
            if time.monotonic() - started > LIMIT:
                sys.exit(f"the page does not come to {expression}: {self.report()}")
            time.sleep(0.05)

    def press(self, button):
        """Moves the mouse to a button and presses it."""
        place = self.value(f"(() => {{ const box = document.getElementById('{button}').getBoundingClientRect();"
                           " return [box.x + box.width / 2, box.y + box.height / 2] })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", self.session, type=kind, x=place[0], y=place[1],
                      button="left", clickCount=1)

    def report(self):
        return {"url": self.value("location.href"), "text": self.value("document.body.innerText")}

    def close(self):
        self.send("Browser.close")
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--code")
    parser.add_argument("url")
    arguments = parser.parse_args()
    if arguments.url == "ready":
        program()
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        browser = Browser(directory)
        try:
            browser.send("Page.navigate", browser.session, url=arguments.url)
            browser.wait("document.querySelector('#allow, #error') !== null")
            if browser.value("document.getElementById('allow') !== null"):
                if arguments.code:
                    browser.value("document.getElementById('code').focus()")
                    browser.send("Input.insertText", browser.session, text=arguments.code)
                browser.press(os.environ.get("GAPI_BROWSER_BUTTON", "allow"))
                browser.wait("document.getElementById('allow') === null && document.readyState === 'complete'")
            report = json.dumps(browser.report())
        finally:
            browser.close()
    print(report)
    if "GAPI_BROWSER_REPORT" in os.environ:
        path = pathlib.Path(os.environ["GAPI_BROWSER_REPORT"])
        # The reader of the file waits for all of it.
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(report)
        unfinished.rename(path)


if __name__ == "__main__":
    main()
