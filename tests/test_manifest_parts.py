"""Manifests of which several say something only together, and the parts of a repository that need each other."""

from manifest_rows import rows_of
from oshealth.collect.manifests.batch import read_manifests


def test_folders_of_the_repository_are_no_requirements_and_archives_in_it_are() -> None:
    text = "-e .[dev]\n-e src/desk\n./libs/counter\nwheels/printer-1.2-py3-none-any.whl\n-e ..\nattrs\n"
    assert rows_of({"requirements.txt": text}) == [
        "requirements.txt:4 pkg:pypi/printer@1.2 runtime direct pinned",
        "requirements.txt:6 pkg:pypi/attrs runtime direct",
    ]


def test_a_bill_of_materials_of_the_repository_manages_versions_by_its_own_properties() -> None:
    dependency = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId>{}</dependency>"
    managed = "<dependencyManagement><dependencies>{}</dependencies></dependencyManagement>"
    module = "<project><groupId>desk</groupId><artifactId>{}</artifactId><version>1</version>{}</project>"
    ink = dependency.format("g", "ink", "<version>${ink}</version>")
    bill = module.format("bill", "<properties><ink>2.3</ink></properties>" + managed.format(ink))
    asked = managed.format(dependency.format("desk", "bill", "<version>1</version><scope>import</scope>"))
    asked += f"<dependencies>{dependency.format('g', 'ink', '')}</dependencies>"
    texts = {"bill/pom.xml": bill, "app/pom.xml": module.format("app", asked)}
    assert rows_of(texts) == ["app/pom.xml:1 pkg:maven/g/ink@2.3 (2.3) runtime direct pinned"]


def test_a_bill_of_materials_that_imports_itself_ends() -> None:
    entry = "<dependency><groupId>g</groupId><artifactId>b</artifactId><scope>import</scope></dependency>"
    management = f"<dependencyManagement><dependencies>{entry}</dependencies></dependencyManagement>"
    wanted = "<dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId></dependency></dependencies>"
    pom = f"<project><groupId>g</groupId><artifactId>b</artifactId>{management}{wanted}</project>"
    assert rows_of({"pom.xml": pom}) == ["pom.xml:1 pkg:maven/g/a runtime direct"]


def test_parts_of_a_ruby_repository_that_need_each_other_need_nothing_from_elsewhere() -> None:
    lock = "PATH\n  remote: .\n  specs:\n    desk (1)\n      ink (= 1)\n    ink (1)\n      rack (>= 2)\n\n"
    lock += "GEM\n  specs:\n    rack (3.1.0)\n"
    texts = {
        "Gemfile.lock": lock,
        "desk.gemspec": 's.name = "desk"\ns.add_dependency "ink", "= 1"\n',
        "ink/ink.gemspec": 's.name = "ink"\ns.add_dependency "rack", ">= 2"\ns.add_development_dependency "desk"\n',
    }
    assert rows_of(texts) == [
        "Gemfile.lock:11 pkg:gem/rack@3.1.0 (>= 2) runtime direct pinned",
        "ink/ink.gemspec:2 pkg:gem/rack@3.1.0 (>= 2) runtime direct pinned",
    ]


def test_parts_that_a_composer_repository_replaces_itself_are_no_dependencies() -> None:
    texts = {
        "composer.json": '{"name": "desk/desk", "replace": {"desk/ink": "self.version"}}',
        "ink/composer.json": '{"name": "desk/ink", "require": {"desk/paper": "^1"}}',
        "pen/composer.json": '{"name": "desk/pen", "require": {"desk/ink": "^1"}}',
    }
    assert rows_of(texts) == ["ink/composer.json:1 pkg:composer/desk/paper (^1) runtime direct"]


def test_a_module_replaced_by_the_folder_above_is_the_repositorys_own() -> None:
    text = "require example.org/desk v1.0.0\nrequire example.org/ink v1.0.0\nreplace example.org/desk => ..\n"
    assert rows_of({"sub/go.mod": text}) == [
        "sub/go.mod:2 pkg:golang/example.org/ink@v1.0.0 (v1.0.0) runtime direct pinned"
    ]


def test_a_setup_program_is_read_through_dictionaries_and_filled_in_versions() -> None:
    text = """
least = "1.0"
metadata = dict(name="desk", install_requires=["ink >={}".format(least), f"paper=={least}", "quill>=%s" % least])
setup(**metadata)
setup(**{"tests_require": ["blotter"]})
"""
    assert rows_of({"setup.py": text}) == [
        "setup.py:3 pkg:pypi/ink runtime direct",
        "setup.py:3 pkg:pypi/paper runtime direct",
        "setup.py:3 pkg:pypi/quill runtime direct",
        "setup.py:5 pkg:pypi/blotter development direct",
    ]


def test_a_setup_program_that_reads_a_list_of_the_repository_leaves_nothing_unknown() -> None:
    program = "required = open('requirements.txt').read().splitlines()\nsetup(install_requires=required)\n"
    assert rows_of({"setup.py": program, "requirements.txt": "ink==1\n"}) == [
        "requirements.txt:1 pkg:pypi/ink@1 (==1) runtime direct pinned"
    ]
    assert rows_of({"setup.py": "setup(**read())\n"}) == [
        "setup.py unreadable: computed: line 1: what setup is given is computed when it runs"
    ]


def test_an_inherited_crate_may_be_optional() -> None:
    texts = {
        "Cargo.toml": '[workspace]\nmembers = ["a"]\n[workspace.dependencies]\nink = "1"\n',
        "a/Cargo.toml": '[package]\nname = "a"\n[dependencies]\nink = { workspace = true, optional = true }\n',
    }
    assert rows_of(texts) == ["a/Cargo.toml:4 pkg:cargo/ink (1) runtime direct optional"]


def test_a_submodule_is_resolved_by_the_commit_that_stands_in_the_tree() -> None:
    modules = '[submodule "a"]\n\tpath = lib/a\n\turl = https://github.com/team/a.git\n'
    modules += '[submodule "b"]\n\tpath = b\n\turl = ../b.git\n\tbranch = main\n'
    commits = {"lib/a": "0123456789abcdef0123456789abcdef01234567", "b": "89abcdef0123456789abcdef0123456789abcdef"}
    frame, _ = read_manifests({".gitmodules": modules}, submodules=commits)
    assert frame.select("purl", "declared_range", "is_pinned", "has_integrity").rows() == [
        ("pkg:github/team/a@0123456789abcdef0123456789abcdef01234567", None, True, True),
        ("pkg:generic/b@89abcdef0123456789abcdef0123456789abcdef", "main", True, True),
    ]


def test_a_lock_file_of_two_documents_is_read_whole() -> None:
    document = (
        "---\nlockfileVersion: '9.0'\nimporters:\n  .:\n    {0}:\n      {1}:\n        specifier: {2}\n"
        "        version: {3}\npackages:\n  {1}@{3}:\n    resolution: {{integrity: a}}\n"
    )
    lock = document.format("packageManagerDependencies", "pnpm", "11.0.0", "11.0.0")
    lock += document.format("dependencies", "ink", "^1.0.0", "1.2.0")
    assert rows_of({"package.json": '{"dependencies": {"ink": "^1.0.0"}}', "pnpm-lock.yaml": lock}) == [
        "package.json:1 pkg:npm/ink@1.2.0 (^1.0.0) runtime direct pinned sum",
        "pnpm-lock.yaml:10 pkg:npm/pnpm@11.0.0 (11.0.0) development direct pinned sum",
        "pnpm-lock.yaml:21 pkg:npm/ink@1.2.0 (^1.0.0) runtime direct pinned sum",
    ]


def test_a_pipeline_below_its_inputs_is_read() -> None:
    text = "spec:\n  inputs:\n    image:\n      default: x\n---\njob:\n  image: debian:12\n"
    assert rows_of({".gitlab-ci.yml": text}) == [".gitlab-ci.yml:7 pkg:docker/debian@12 (12) build direct workflow"]


def test_what_replaces_a_package_is_what_was_asked_for() -> None:
    lock = (
        '{"packages": [{"name": "desk/ink-lts", "version": "1.2", "replace": {"desk/ink": "^1"}}], "packages-dev": []}'
    )
    assert rows_of({"composer.json": '{"require": {"desk/ink": "^1"}}', "composer.lock": lock}) == [
        "composer.json:1 pkg:composer/desk/ink-lts@1.2 (^1) runtime direct pinned",
        "composer.lock:1 pkg:composer/desk/ink-lts@1.2 (^1) runtime direct pinned",
    ]


def test_extras_that_name_their_own_project_name_no_dependency() -> None:
    text = '[project]\nname = "desk"\n[project.optional-dependencies]\nmaps = ["ink"]\nall = ["Desk[maps]"]\n'
    assert rows_of({"pyproject.toml": text}) == ["pyproject.toml:4 pkg:pypi/ink runtime direct optional"]


def test_a_lock_files_own_project_hides_no_package_of_its_name_that_a_folder_below_asks_for() -> None:
    texts = {
        "uv.lock": '[[package]]\nname = "ink"\nversion = "1"\nsource = { editable = "." }\n',
        "example/pyproject.toml": '[project]\nname = "other"\ndependencies = ["ink==2"]\n',
    }
    assert rows_of(texts) == ["example/pyproject.toml:3 pkg:pypi/ink@2 (==2) runtime direct pinned"]


def test_what_tests_alone_need_develops() -> None:
    texts = {
        "integration_test/docker-compose.yml": "services: {sql: {image: mssql/server:2019}}\n",
        "web/tests/e2e/package.json": '{"dependencies": {"browser": "1.0.0"}}',
        "package.json": '{"dependencies": {"map": "1.0.0"}}',
        "contest/package.json": '{"dependencies": {"prize": "1.0.0"}}',
    }
    frame, gaps = read_manifests(texts)
    assert dict(frame.select("name", "scope").iter_rows()) == {
        "browser": "development",
        "map": "runtime",
        "mssql/server": "development",
        "prize": "runtime",
    }
    assert gaps == []


def test_gems_of_a_loop_over_a_list_are_read_and_those_that_are_computed_are_unknown() -> None:
    gemfile = (
        "%w[rails puma].each { |name| gem name }\n"
        'group :test do\n  ["core", "mocks"].each do |part|\n    if NEW\n      gem "rspec-#{part}", "~> 3"\n'
        '    end\n  end\nend\ngem "rack"\ngem WANTED\n'
    )
    spec = 'Gem::Specification.new do |s|\n  %i(a b).each do |name|\n    s.add_dependency name, ">= 1"\n  end\n'
    assert rows_of({"Gemfile": gemfile}) == [
        "Gemfile:1 pkg:gem/rails runtime direct",
        "Gemfile:1 pkg:gem/puma runtime direct",
        "Gemfile:5 pkg:gem/rspec-core (~> 3) development direct",
        "Gemfile:5 pkg:gem/rspec-mocks (~> 3) development direct",
        "Gemfile:9 pkg:gem/rack runtime direct",
        "Gemfile unreadable: computed: line 10: a gem is named when it runs",
    ]
    assert rows_of({"town.gemspec": spec + "end\n"}) == [
        "town.gemspec:3 pkg:gem/a (>= 1) runtime direct",
        "town.gemspec:3 pkg:gem/b (>= 1) runtime direct",
    ]
    computed = {"town.gemspec": spec + "  s.add_runtime_dependency(found)\nend\n"}
    assert rows_of(computed)[-1] == "town.gemspec unreadable: computed: line 5: a gem is named when it runs"
    locked = {**computed, "Gemfile.lock": "GEM\n  specs:\n    a (1.0)\n\nDEPENDENCIES\n  a\n"}
    assert not any("unreadable" in row for row in rows_of(locked))
    assert rows_of({"Gemfile": 'gem "rails-#{WANTED}"\n'}) == [
        "Gemfile unreadable: computed: line 1: a gem is named when it runs"
    ]


def test_compose_files_that_are_not_read_as_such_are_unknown_and_a_dockerfile_within_one_is_read() -> None:
    text = (
        "include:\n  - compose.db.yml\n  - path: [infra.yml]\nservices:\n"
        "  old:\n    extends: {file: common.yml, service: x}\n"
        "  web:\n    build:\n      dockerfile_inline: |\n        FROM alpine:3.18\n        RUN apk add jq\n"
    )
    assert rows_of({"compose.yml": text, "compose.db.yml": "services: {db: {image: mysql}}\n"}) == [
        "compose.db.yml:1 pkg:docker/mysql runtime direct compose",
        "compose.yml:10 pkg:docker/alpine@3.18 (3.18) runtime direct dockerfile",
        "compose.yml:11 pkg:apk/alpine/jq runtime direct dockerfile",
        "compose.yml unreadable: missing_include: infra.yml: not read as a compose file",
    ]
    known = text.replace("infra.yml", "compose.db.yml").replace("common.yml", "./compose.db.yml")
    assert not any("unreadable" in row for row in rows_of({"compose.yml": known, "compose.db.yml": "services: {}\n"}))


def test_a_component_of_the_pipelines_own_server_is_named() -> None:
    text = "include:\n  - component: $CI_SERVER_FQDN/town/scan/sast@1.2\n"
    assert rows_of({".gitlab-ci.yml": text}) == [
        ".gitlab-ci.yml:2 pkg:generic/town/scan@1.2#sast (1.2) build direct workflow"
    ]


def test_what_the_modules_of_a_page_take_in_is_a_script_of_it() -> None:
    text = (
        '<script type="importmap">{"imports": {\n"vue": "https://unpkg.com/vue@3.3.4/dist/vue.js", "own": "/own.js"}}'
        '</script>\n<script type="module">import x from "https://esm.sh/preact@10.5.0"; import("./y.js")</script>\n'
        '<style>@import "https://fonts.example.org/a.css";</style>\n'
    )
    assert rows_of({"index.html": text}) == [
        "index.html:3 pkg:npm/preact@10.5.0 (10.5.0) runtime direct pinned page",
        "index.html:2 pkg:npm/vue@3.3.4 (3.3.4) runtime direct pinned page",
    ]


def test_a_download_with_a_sum_has_integrity() -> None:
    text = "FROM scratch\nADD --checksum=sha256:24454f https://example.org/a.zip /\n"
    assert rows_of({"Dockerfile": text})[0].endswith("runtime direct sum dockerfile")
