"""Exits 0 if the library in FOLDER may ship: `python3 bindings/ships.py FOLDER`.

FOLDER holds the library as built for release and the module `muster` that muster-bindgen wrote for
it (`--python FOLDER`), so what is asked here is the very library, through the same door that Kotlin
and Swift use. It has to refuse plain http, also to this machine; to lack what is there for tests
alone; and to be small enough once it is stripped. `cargo xtask test` runs this.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

# What the stripped library of one ABI may weigh on a phone, in bytes.
LIMIT = 4_500_000

NOW = dict(wall_ms=1_790_000_000_000, elapsed_ms=60_000, boot_id=1)


def looked_at(library: Path) -> list[str]:
    """What is wrong with the file."""
    faults = []
    content = library.read_bytes()
    if b"uniffi_muster_fn_method_musteragent_poll" not in content:
        faults.append("control: this is not the library, or its symbols are gone")
    if b"test_panic" in content:
        faults.append("test hooks are compiled in")
    with tempfile.TemporaryDirectory() as folder:
        stripped = Path(folder) / "stripped"
        subprocess.run(["strip", "-o", stripped, library], check=True)
        size = stripped.stat().st_size
    print(f"library: {size / 1e6:.2f} MB stripped, limit {LIMIT / 1e6:.2f} MB")
    if size > LIMIT:
        faults.append(f"{size} bytes are more than {LIMIT}")
    return faults


def requested(url: str) -> list[str]:
    """The URLs that an agent asks for whose address book is at `url`."""
    import muster

    now = muster.Now(**NOW)
    with tempfile.TemporaryDirectory() as folder:
        device = muster.DeviceInfo(model="host", os_version="1", app_version="1")
        options = muster.OpenOptions(
            root=folder, platform=muster.Platform.ANDROID, language="en", device=device
        )
        agent = muster.MusterAgent.open(options, now)
        tree = muster.ConfigurationTree.JSON(text=f'{{"carddav_url": "{url}"}}')
        source = muster.ConfigurationSource(channel=muster.ConfigurationChannel.OS(), tree=tree)
        agent.handle(muster.Event.CONFIGURATION(sources=[source]), now)
        urls = []
        # More than enough for the agent to come to rest.
        for _ in range(100):
            step = agent.poll(now)
            if step.is_send():
                urls.append(step.request.url)
            elif step.is_vault():
                agent.on_vault(step.id, vault(muster, step.op), now)
            elif step.is_effect():
                agent.on_effect(step.id, muster.EffectOutcome.DONE, now)
            elif step.is_idle() or step.is_wait() and step.until_ms > now.elapsed_ms:
                break
        agent.shut_down()
        return urls


def vault(muster, op):
    """Enough of a vault to get going."""
    if op.is_create():
        answer = muster.VaultAnswer.CREATED(
            security=muster.KeySecurity.SOFTWARE, attestation=[]
        )
    elif op.is_wrap():
        answer = muster.VaultAnswer.WRAPPED(wrapped=op.plaintext)
    elif op.is_unwrap():
        answer = muster.VaultAnswer.UNWRAPPED(plaintext=op.wrapped)
    elif op.is_destroy():
        answer = muster.VaultAnswer.DESTROYED()
    else:
        return muster.VaultOutcome.FAILURE(failure=muster.VaultFailure.UNSUPPORTED)
    return muster.VaultOutcome.ANSWER(answer=answer)


def faults_of(folder: Path) -> list[str]:
    """Everything that is wrong."""
    libraries = [*folder.glob("libmuster.so"), *folder.glob("libmuster.dylib")]
    if len(libraries) != 1:
        return [f"no library in {folder}"]
    faults = looked_at(libraries[0])
    sys.path.insert(0, str(folder))
    if not requested("https://127.0.0.1:9/"):
        faults.append("control: https is not asked for")
    for url in ["http://127.0.0.1:9/", "http://[::1]:9/", "http://books.example/"]:
        if asked := requested(url):
            faults.append(f"{url} is not refused: {asked}")
    return faults


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit("\n".join(faults_of(Path(sys.argv[1]).absolute())) or 0)
