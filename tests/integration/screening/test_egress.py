"""What a real browser reaches through its way out, and all the ways by which it does not get around it."""

import asyncio
import json
from pathlib import Path

import pytest
from tests.integration.screening.conftest import Names, Run, scripting
from tests.integration.screening.sites import Site, listening_for_datagrams, serving

from outrider.browsers.browser import Browser
from outrider.browsers.cdp import Session
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings
from outrider.interfaces.actions import Download, Navigate
from outrider.problems import OutriderError
from outrider.screening.addresses import Policy
from outrider.screening.egress import Egress

pytestmark = pytest.mark.browser

#: Hosts that lead to this machine, in the forms that browsers understand.
THIS_MACHINE = [
    "127.0.0.1", "127.1", "2130706433", "017700000001", "0x7f.0.0.1", "0x7f000001", "%31%32%37.0.0.1", "127.9.9.9",
    "0.0.0.0", "0", "localhost", "localhost.", "deep.localhost", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "１２７。0。0。1", "rebound.example",
]  # fmt: skip
ELSEWHERE = [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "0xa9fea9fe", "2852039166",
    "169.254.170.2", "100.100.100.200", "168.63.129.16", "198.18.0.1", "224.0.0.1", "[fd00:ec2::254]", "[fe80::1]",
    "[fc00::1]", "[ff02::1]", "[::ffff:169.254.169.254]", "metadata.example",
]  # fmt: skip


async def refusal(browser: Browser, url: str) -> OutriderError:
    with pytest.raises(OutriderError) as caught:
        await browser.page.act(Navigate(url))
    return caught.value


async def test_addresses_of_this_machine(browser: Browser, victim: Site, names: Names) -> None:
    names.answers["rebound.example"] = [["127.0.0.1"]]
    for host in THIS_MACHINE:
        for scheme in ("http", "https"):
            problem = await refusal(browser, f"{scheme}://{host}:{victim.port}/")
            assert problem.code == "ADDRESS_REFUSED", (scheme, host, problem.message)
            assert str(victim.port) in problem.fix
            assert "OUTRIDER_EGRESS_ALLOW=" in problem.fix
    assert victim.connections == 0


async def test_private_and_metadata_addresses(browser: Browser, names: Names) -> None:
    names.answers["metadata.example"] = [["169.254.169.254"]]
    for host in ELSEWHERE:
        problem = await refusal(browser, f"http://{host}/latest/meta-data/")
        assert problem.code == "ADDRESS_REFUSED", (host, problem.message)


async def test_what_is_opened_is_reached(browser: Browser, site: Site, names: Names) -> None:
    names.answers["site.example"] = [["127.0.0.1"]]
    for url in (site.url, f"http://site.example:{site.port}", f"http://0x7f.1:{site.port}"):
        effect = await browser.page.act(Navigate(f"{url}/welcome"))
        assert effect.navigated
    assert site.asked.count("/welcome") == 3
    assert browser.egress.bytes_sent > 0
    assert browser.egress.bytes_received > 0


async def test_the_site_sees_an_ordinary_request(browser: Browser, site: Site) -> None:
    await browser.page.act(Navigate(f"{site.url}/path?query=1"))
    head = site.heads[0]
    assert head.startswith(f"GET /path?query=1 HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n")
    assert "proxy" not in head.lower()
    assert "via:" not in head.lower()


async def test_a_redirect_to_a_refused_address(browser: Browser, site: Site, victim: Site) -> None:
    for scheme in ("http", "https"):
        problem = await refusal(browser, f"{site.url}/away?to={scheme}://127.0.0.1:{victim.port}/secret")
        assert problem.code == "ADDRESS_REFUSED"
        assert f"127.0.0.1:{victim.port}" in problem.message
    assert victim.connections == 0


async def test_a_name_that_changes_its_answer(pool: BrowserPool, names: Names) -> None:
    """DNS rebinding: the name leads to the attacker first, and to the victim once the page is there."""
    async with serving(Site(), "127.0.0.2") as attacker, serving(Site(port=attacker.port), "127.0.0.1") as victim:
        names.answers["rebound.example"] = [["127.0.0.2"], ["127.0.0.1"]]
        browser = await pool.acquire()
        browser.egress.bind(Policy.parse([f"127.0.0.2:{attacker.port}"]))
        await browser.page.act(Navigate(f"http://rebound.example:{attacker.port}/?close"))
        status = await scripting(browser)("fetch('/secret').then(answer => answer.status)")
        assert status == 403, (names.asked, attacker.asked, victim.asked)
        assert (await refusal(browser, f"http://rebound.example:{attacker.port}/")).code == "ADDRESS_REFUSED"
        assert attacker.asked == ["/?close"]
        assert victim.connections == 0


LOADED = "new Promise(end => document.readyState === 'complete' ? end() : addEventListener('load', () => end()))"
#: Scripts that try to get at ``VICTIM`` (host and port); each ends when its attempt has.
ATTEMPTS = {
    "fetch": "fetch('http://VICTIM/', {mode: 'no-cors'}).catch(() => 0)",
    "fetch of https": "fetch('https://VICTIM/', {mode: 'no-cors'}).catch(() => 0)",
    "fetch with a body": "fetch('http://VICTIM/', {mode: 'no-cors', method: 'POST', body: 'x'}).catch(() => 0)",
    "XMLHttpRequest": "new Promise(end => { const x = new XMLHttpRequest(); x.onloadend = () => end(); "
    "x.open('GET', 'http://VICTIM/'); x.send(); })",
    "picture": "new Promise(end => { const i = new Image(); i.onload = i.onerror = () => end(); "
    "i.src = 'http://VICTIM/x.png'; })",
    "script": "new Promise(end => { const s = document.createElement('script'); s.onload = s.onerror = () => end(); "
    "s.src = 'http://VICTIM/x.js'; document.body.append(s); })",
    "frame": "new Promise(end => { const f = document.createElement('iframe'); f.onload = () => end(); "
    "f.src = 'http://VICTIM/'; document.body.append(f); })",
    "frame of https": "new Promise(end => { const f = document.createElement('iframe'); f.onload = () => end(); "
    "f.src = 'https://VICTIM/'; document.body.append(f); })",
    "web socket": "new Promise(end => { const w = new WebSocket('ws://VICTIM/'); w.onclose = () => end(); })",
    "secure web socket": "new Promise(end => { const w = new WebSocket('wss://VICTIM/'); w.onclose = () => end(); })",
    "event stream": "new Promise(end => { const e = new EventSource('http://VICTIM/'); "
    "e.onerror = () => { e.close(); end(); }; })",
    "beacon": "navigator.sendBeacon('http://VICTIM/', 'x') && fetch('/after-beacon').then(() => 0)",
    "preconnect": "new Promise(end => { const l = document.createElement('link'); l.rel = 'preconnect'; "
    "l.href = 'http://VICTIM/'; document.head.append(l); fetch('/after-preconnect').then(() => end()); })",
    "prefetch": "new Promise(end => { const l = document.createElement('link'); l.rel = 'prefetch'; "
    "l.href = 'http://VICTIM/'; l.onload = l.onerror = () => end(); document.head.append(l); })",
    "worker": "new Promise(end => { const w = new Worker(URL.createObjectURL(new Blob([\"fetch('http://VICTIM/', "
    "{mode: 'no-cors'}).catch(() => 0).then(() => postMessage(1))\"]))); w.onmessage = () => end(); })",
}


@pytest.mark.parametrize("how", ATTEMPTS)
async def test_pages_do_not_get_out(how: str, browser: Browser, run: Run, site: Site, victim: Site) -> None:
    await browser.page.act(Navigate(f"{site.url}/"))
    for host in ("127.0.0.1", "localhost", "[::1]"):
        await run(f"({ATTEMPTS[how].replace('VICTIM', f'{host}:{victim.port}')}).then?.(() => 0)")
    assert victim.connections == 0


async def test_windows_and_further_contexts_do_not_get_out(
    browser: Browser, run: Run, site: Site, victim: Site
) -> None:
    await browser.page.act(Navigate(f"{site.url}/"))
    tab = await browser.page._stage.tabs.current()
    await run(f"window.open('{victim.url}/opened'); fetch('/after').then(() => 0)")
    root = Session(tab.session.connection)
    context = (await root.call("Target.createBrowserContext"))["browserContextId"]
    for given in ({}, {"browserContextId": context}):
        made = await root.call("Target.createTarget", url=f"{victim.url}/", **given)
        attached = await root.call("Target.attachToTarget", targetId=made["targetId"], flatten=True)
        await Session(root.connection, attached["sessionId"]).call(
            "Runtime.evaluate", expression=LOADED, awaitPromise=True
        )
    assert victim.connections == 0


async def test_a_site_can_not_pretend_to_be_refused(browser: Browser, site: Site) -> None:
    assert (await browser.page.act(Navigate(f"{site.url}/?pretend"))).navigated


async def test_a_service_worker_does_not_get_out(browser: Browser, run: Run, site: Site, victim: Site) -> None:
    target = f"http://127.0.0.1:{victim.port}/"
    site.pages["/worker.js"] = (
        "self.addEventListener('install', () => self.skipWaiting());"
        "self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));"
        "self.addEventListener('fetch', event => { if (event.request.url.includes('/through')) event.respondWith("
        f"fetch('{target}', {{mode: 'no-cors'}}).then(answer => new Response(answer.type), () => new Response('no')));"
        "});"
    )
    await browser.page.act(Navigate(f"{site.url}/"))
    await run(
        "navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.controller ? 0 : "
        "new Promise(end => navigator.serviceWorker.oncontrollerchange = () => end()))"
    )
    assert await run("fetch('/through').then(answer => answer.text())") in ("opaque", "no")
    assert victim.connections == 0


async def test_a_download_does_not_get_out(browser: Browser, site: Site, victim: Site) -> None:
    site.pages["/"] = f"<title>Files</title><a href='{victim.url}/?bytes=9' download>File</a>"
    await browser.page.act(Navigate(f"{site.url}/"))
    link = next(element for element in (await browser.page.observe()).elements if element.name == "File")
    with pytest.raises(OutriderError):
        await browser.page.act(Download(link.index))
    assert victim.connections == 0


async def test_web_sockets_to_what_is_opened(browser: Browser, run: Run, site: Site) -> None:
    await browser.page.act(Navigate(f"{site.url}/"))
    script = (
        f"new Promise(end => {{ const w = new WebSocket('ws://127.0.0.1:{site.port}/socket');"
        "w.onopen = () => w.send('hello'); w.onmessage = message => end(message.data); w.onerror = () => end('no'); })"
    )
    assert await run(script) == "hello"


async def test_web_rtc_sends_nothing(browser: Browser, run: Run, site: Site, victim: Site) -> None:
    await browser.page.act(Navigate(f"{site.url}/"))
    async with listening_for_datagrams() as (datagrams, port):
        servers = [
            {"urls": [f"stun:127.0.0.1:{port}", f"stun:localhost:{port}"]},
            {"urls": f"turn:127.0.0.1:{port}?transport=udp", "username": "u", "credential": "p"},
            {"urls": f"turn:127.0.0.1:{victim.port}?transport=tcp", "username": "u", "credential": "p"},
        ]
        candidates = await run(
            f"(async () => {{ const found = [], a = new RTCPeerConnection({{iceServers: {json.dumps(servers)}}}),"
            "b = new RTCPeerConnection(); a.createDataChannel('x');"
            "const gathered = new Promise(end => a.onicegatheringstatechange = () => "
            "a.iceGatheringState === 'complete' && end());"
            "a.onicecandidate = event => { if (event.candidate?.candidate) { found.push(event.candidate.candidate);"
            "b.addIceCandidate(event.candidate); } };"
            "await a.setLocalDescription(); await b.setRemoteDescription(a.localDescription);"
            "await b.setLocalDescription(); await a.setRemoteDescription(b.localDescription);"
            "await a.addIceCandidate({sdpMid: '0', candidate: "
            f"'candidate:1 1 udp 2113937151 127.0.0.1 {port} typ host'}});"
            "await a.addIceCandidate({sdpMid: '0', candidate: "
            f"'candidate:2 1 tcp 1518280447 127.0.0.1 {victim.port} typ host tcptype passive'}});"
            "await gathered; await fetch('/after'); a.close(); b.close(); return found; })()"
        )
        assert datagrams.received == []
    assert [candidate for candidate in candidates if " udp " in candidate.lower()] == []
    assert victim.connections == 0


async def test_web_transport_sends_nothing(browser: Browser, run: Run, site: Site) -> None:
    await browser.page.act(Navigate(f"{site.url}/"))
    async with listening_for_datagrams() as (datagrams, port):
        await run(
            "typeof WebTransport === 'undefined' ? 0 : (() => { try {"
            f"const t = new WebTransport('https://127.0.0.1:{port}/'); t.closed.catch(() => 0);"
            "return t.ready.catch(() => 0); } catch { return 0; } })()"
        )
        assert datagrams.received == []


async def test_names_are_resolved_by_the_way_out_only(browser: Browser, run: Run, site: Site, names: Names) -> None:
    await browser.page.act(Navigate(f"{site.url}/"))
    await run("fetch('http://looked-up.example/', {mode: 'no-cors'}).catch(() => 0)")
    assert "looked-up.example" in names.asked


async def test_files_are_refused(browser: Browser, run: Run, site: Site, tmp_path: Path) -> None:
    secret = tmp_path / "secret.html"
    secret.write_text("<title>secret</title>secret")
    assert (await refusal(browser, secret.as_uri())).code == "INVALID_URL"
    await browser.page.act(Navigate(f"{site.url}/"))
    read = await run(f"fetch({secret.as_uri()!r}).then(answer => answer.text(), () => 'refused')")
    assert read == "refused"
    framed = await run(
        "new Promise(end => { const f = document.createElement('iframe'); f.onload = () => { let text = 'refused';"
        "try { text = f.contentDocument.body.innerText } catch {} end(text); };"
        f"f.src = {secret.as_uri()!r}; document.body.append(f); setTimeout(() => end('refused'), 500); }})"
    )
    assert "secret" not in framed
    await run(f"location.href = {secret.as_uri()!r}; fetch('/after')")
    assert (await browser.page.observe()).url.startswith(site.url)
    assert (await refusal(browser, f"{site.url}/away?to={secret.as_uri()}")).code == "NAVIGATION_FAILED"


async def test_outriders_own_api_is_out_of_reach(settings: Settings, victim: Site, names: Names) -> None:
    """Also where the whole machine is opened."""
    opened = settings.model_copy(update={"egress_allow": ["localhost", "0.0.0.0/0", f"127.0.0.1:{victim.port}"]})
    async with BrowserPool(opened, Egress.of(opened, victim.url, names)) as pool:
        browser = await pool.acquire()
        for host in THIS_MACHINE[:-1]:
            problem = await refusal(browser, f"http://{host}:{victim.port}/v1/sessions")
            assert problem.code in ("ADDRESS_RESERVED", "ADDRESS_REFUSED"), (host, problem.message)
            assert host not in ("127.0.0.1", "localhost", "[::1]") or problem.code == "ADDRESS_RESERVED"
    assert victim.connections == 0


async def test_the_way_out_of_another_session_is_out_of_reach(settings: Settings, site: Site, names: Names) -> None:
    opened = settings.model_copy(update={"egress_allow": ["localhost"]})
    async with BrowserPool(opened, Egress.of(opened, lookup=names)) as pool:
        one, other = await asyncio.gather(pool.acquire(), pool.acquire())
        for port in (one.egress.port, other.egress.port):
            assert (await refusal(one, f"http://127.0.0.1:{port}/")).code == "ADDRESS_RESERVED"
        await one.page.act(Navigate(f"{site.url}/"))
        await scripting(one)(ATTEMPTS["web socket"].replace("VICTIM", f"127.0.0.1:{other.egress.port}"))
        assert other.egress.bytes_sent == 0


async def test_failures_of_the_network_are_told_as_ever(browser: Browser, site: Site, names: Names) -> None:
    async with serving(Site(), "127.0.0.1") as gone:
        pass
    browser.egress.bind(Policy.parse(["localhost"]))
    for scheme in ("http", "https"):
        problem = await refusal(browser, f"{scheme}://127.0.0.1:{gone.port}/")
        assert (problem.code, "ERR_CONNECTION_REFUSED" in problem.message) == ("NAVIGATION_FAILED", True)
        problem = await refusal(browser, f"{scheme}://nowhere.example/")
        assert (problem.code, "ERR_NAME_NOT_RESOLVED" in problem.message) == ("NAVIGATION_FAILED", True)
    assert (await browser.page.act(Navigate(f"{site.url}/"))).navigated


async def test_nothing_listens_once_the_browser_is_closed(browser: Browser) -> None:
    port = browser.egress.port
    await browser.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
