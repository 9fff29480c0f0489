"""Take the README's pictures of a running bot: ``python -m tests.bot.platforms.screenshots http://127.0.0.1:8080``."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.bot.platforms.chromium import ARGUMENTS, CHROMIUM

PICTURES = Path(__file__).parents[3] / "docs"
SIZES = {"phone": (390, 844), "desk": (1280, 800)}
COMMAND = "/tune key=G temp=0.8 seed=7"


def take(browser: Browser, home: str, name: str, scheme: str) -> None:
    """The chat page after a command, the page of the tune while it plays, and lists of tunes."""
    width, height = SIZES[name]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(home)
    page.get_by_label("Command").fill(COMMAND)
    page.keyboard.press("Enter")
    page.wait_for_selector(".paper svg .abcjs-note")
    page.wait_for_timeout(1000)
    page.screenshot(path=PICTURES / f"chat-{name}-{scheme}.png")
    page.goto(home + str(page.get_by_role("link", name="See and hear it").get_attribute("href")))
    page.wait_for_selector(".paper svg .abcjs-note")
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(6000)
    page.screenshot(path=PICTURES / f"tune-{name}-{scheme}.png")
    for path in ("tunes", "top"):
        page.goto(f"{home}/{path}")
        page.wait_for_selector(".incipit svg path")
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / f"{path}-{name}-{scheme}.png")
    context.close()


def main(home: str) -> None:
    """All sizes, by day and by night; the first of them is also ``chat.png``."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name in SIZES:
            for scheme in ("light", "dark"):
                take(browser, home, name, scheme)
        browser.close()
    (PICTURES / "chat.png").write_bytes((PICTURES / "chat-desk-light.png").read_bytes())


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
