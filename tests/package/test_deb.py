"""Goal: the Debian package is whole and runs where nothing of the build is. Method: CPack makes it of the tested build;
it is unpacked into a folder and run from there with an empty environment."""

import gzip
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ.get("HILO_BUILD", ""))
SANITIZED = b"libasan" in subprocess.run(["ldd", os.environ["HILO"]], capture_output=True).stdout
FILES = {
    "usr/bin/hilo",
    "usr/lib/hilo/libduckdb.so",
    "usr/share/man/man1/hilo.1.gz",
    "usr/share/bash-completion/completions/hilo",
    "usr/share/zsh/vendor-completions/_hilo",
    "usr/share/doc/hilo/copyright",
}


def output(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="hilo-package-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        # Fast rather than small: the package is thrown away.
        subprocess.run(
            [os.environ["CPACK"], "--config", str(BUILD / "CPackConfig.cmake"), "-B", str(cls.folder / "made")]
            + ["-D", "CPACK_DEBIAN_COMPRESSION_TYPE=none"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        [cls.deb] = (cls.folder / "made").glob("*.deb")
        cls.root = cls.folder / "root"
        subprocess.run(["dpkg-deb", "-x", cls.deb, cls.root], check=True)
        cls.program = cls.root / "usr/bin/hilo"

    def field(self, name):
        return output("dpkg-deb", "-f", str(self.deb), name).strip()

    def hilo(self, *args, **options):
        return output("env", "-i", str(self.program), *args, **options)

    def test_its_files(self):
        files = {str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()}
        self.assertEqual(files, FILES)
        for path in self.root.rglob("*"):
            program = path == self.program or path.is_dir()
            self.assertIn(oct(path.stat().st_mode)[-3:], ("755",) if program else ("644", "755"), path)

    def test_what_it_says_of_itself(self):
        version = re.search(r"hilo ([0-9.]+)", self.hilo("--version"))[1]
        self.assertEqual(self.field("Package"), "hilo")
        self.assertEqual(self.field("Version"), version)
        self.assertEqual(self.field("Architecture"), output("dpkg", "--print-architecture").strip())
        self.assertEqual(self.deb.name, f"hilo_{version}_{self.field('Architecture')}.deb")
        self.assertIn("@", self.field("Maintainer"))
        for library in ("libc6", "libstdc++6", "libicu", "libphonenumber", "libyaml-cpp", "libssl"):
            self.assertIn(library, self.field("Depends"))
        self.assertNotIn("duckdb", self.field("Depends"))

    def test_it_finds_its_engine_beside_itself(self):
        paths = re.findall(r"\((?:RUNPATH|RPATH)\).*\[(.*)\]", output("readelf", "-d", str(self.program)))
        self.assertEqual(paths, ["$ORIGIN/../lib/hilo"])
        found = re.search(r"libduckdb\.so => (\S+)", output("ldd", str(self.program)))[1]
        self.assertEqual(pathlib.Path(found).resolve(), (self.root / "usr/lib/hilo/libduckdb.so").resolve())

    def test_it_names_no_folder_of_the_build(self):
        program = self.program.read_bytes()
        if SANITIZED or b".gcda" in program:
            self.skipTest("an instrumented program keeps the names of source files")
        self.assertNotIn(str(BUILD).encode(), program)

    def test_it_runs(self):
        shop = self.folder / "shop"
        self.assertIn("sources/README.md", self.hilo("init", str(shop)))
        (shop / "sources/crm.sql").write_text(
            "-- source: crm   kind: crm\nselect id as source_id, mail as email from read_csv('crm.csv')\n"
        )
        (shop / "crm.csv").write_text("id,mail\n1,ana@correo.es\n2,zoe@correo.es\n")
        self.assertIn("2  customers", self.hilo("run", cwd=shop))
        self.assertEqual(self.hilo("sql", "--csv", "select count(*) as n from customers", cwd=shop), "n\n2\n")
        self.assertIn("0 problems", self.hilo("doctor", cwd=shop))

    def test_what_the_program_tells_of_itself_came_along(self):
        page = gzip.decompress((self.root / "usr/share/man/man1/hilo.1.gz").read_bytes())
        self.assertEqual(page.decode(), self.hilo("man"))
        for shell, place in (("bash", "bash-completion/completions/hilo"), ("zsh", "zsh/vendor-completions/_hilo")):
            self.assertEqual((self.root / "usr/share" / place).read_text(), self.hilo("completion", shell))
        self.assertIn("DuckDB", (self.root / "usr/share/doc/hilo/copyright").read_text())


if __name__ == "__main__":
    unittest.main()
