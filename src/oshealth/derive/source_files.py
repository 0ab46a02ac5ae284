"""Which paths are somebody's work: not vendored, generated, binary, nor a lock file.

The rules are those on paths of GitHub Linguist, in our words; rules on content are left out. Documentation stays in.
"""

import polars as pl

_VENDORED_FOLDERS = (
    r"cache|dist|node_modules|bower_components|vendors?|external|extern|third[-_]?party|3rd[-_]?party|extjs"
    r"|bootstrap-datepicker|ace-builds|mathjax|admin_media|env|sparkle|\.yarn/(?:releases|plugins|sdks|versions)"
    r"|gradle/wrapper|\.mvn/wrapper|\.google_apis|crashlytics\.framework|fabric\.framework"
    r"|godeps|docs?/_?(?:build|themes?|templates?|static)"
)
_VENDORED_ROOTS = (
    r"dependencies|deps|debian|carthage|pods|vignettes|inst/extdata|puphpet|tests?/fixtures|specs?/fixtures"
)
_VENDORED_SCRIPTS = (
    r"jquery[^.]*|jquery-\d[\d.]*|jquery[-.](?:ui|effects|fancybox|fileupload|validate|fn\.gantt)[^/]*|prototype[^/]*"
    r"|effects|controls|dragdrop|mootools[^/]*\d|dojo|mochikit|yahoo-[^./]*|yui[^./]*|ckeditor|tiny_?mce[^./]*|chart"
    r"|shbrush[^./]*|shcore|shlegacy|angular[^./]*|d3(?:\.v\d+)?[^./]*|react(?:-[^./]*)?|modernizr[-.][^/]*"
    r"|knockout-[\d.]+(?:debug)?|html5shiv|cordova[^/]*|foundation(?:\.[^/]*)?|slick\.\w+|fuelux"
    r"|leaflet\.(?:draw-src|spin)|bootstrap[^./]*"
)
_VENDORED_STYLES = (
    r"bootstrap[^./]*|font-?awesome|foundation|normalize|animate|octicons|fontello[^/]*|leaflet\.draw|[^/\s]*import"
)
_VENDORED_NAMES = (
    r"configure|config\.(?:guess|sub)|aclocal\.m4|libtool\.m4|lt(?:options|sugar|version|~obsolete)\.m4|cpplint\.py"
    r"|rebar|erlang\.mk|waf|gradlew(?:\.bat)?|mvnw(?:\.cmd)?|activator(?:\.bat)?|proguard(?:-rules)?\.pro|vagrantfile"
    r"|fabfile\.py|jenkinsfile|\.gitattributes|\.gitignore|\.gitmodules|\.ds_store|run\.n"
)
_GENERATED_NAMES = (
    r"[^/]*[.-]min\.(?:js|css)|[^/]*\.(?:js|css)\.map|[^/]*\.d\.ts|[^/]*\.designer\.(?:cs|vb)|[^/]*\.feature\.cs"
    r"|[^/]*\.zep\.(?:c|h|php)|[^/]*\.pb\.(?:go|cc|h)|[^/]*_pb2(?:_grpc)?\.py|[^/]*\.g\.dart"
    r"|[^/]*\.(?:nib|xcworkspacedata|xcuserstate)|\.pnp\.[^/]*|ppport\.h"
)
_LOCK_NAMES = (
    r"package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|composer\.lock"
    r"|cargo\.lock|poetry\.lock|pdm\.lock|uv\.lock|pipfile\.lock|pixi\.lock|gemfile\.lock|gopkg\.lock|glide\.lock"
    r"|go\.sum|mix\.lock|pubspec\.lock|podfile\.lock|package\.resolved|(?:\w+\.)?esy\.lock|\.terraform\.lock\.hcl"
    r"|flake\.lock|gradle\.lockfile|packages\.lock\.json|conda-lock\.yml|requirements\.lock"
)
_BINARY_ENDINGS = (
    # pictures, sound, film
    r"png|jpe?g|gif|bmp|ico|icns|webp|tiff?|psd|xcf|ai|sketch|fig|mp[34]|ogg|og[av]|wav|flac|m4[av]|mov|avi|mkv|webm"
    # fonts, documents
    r"|ttf|otf|woff2?|eot|pdf|docx?|xlsx?|pptx?|od[tspg]|epub"
    # archives, packages, images of disks
    r"|zip|gz|tgz|bz2|xz|7z|rar|tar|zst|jar|war|ear|whl|egg|deb|rpm|apk|ipa|dmg|iso|img|msi|cab"
    # programs, objects, data
    r"|exe|dll|so|dylib|a|o|obj|lib|class|pyc|pyo|node|wasm|bin|dat|db|sqlite3?|mdb|pb|pbf|mo|gmo|p12|pfx|jks|keystore"
    r"|swf|fla|npy|npz|pkl|h5|parquet|shp|dbf|shx|tif|geotiff|mbtiles|bundle"
)
NOT_SOURCE = "|".join(
    (
        rf"(?:^|/)(?:{_VENDORED_FOLDERS})/",
        rf"^(?:{_VENDORED_ROOTS})/",
        r"(?:^|/)[^/]*\.(?:xctemplate|imageset)/",
        r"(?:^|/)\.idea/",
        r"^packages/.+\.\d+/",
        rf"(?:^|/)(?:{_VENDORED_SCRIPTS})\.js$",
        rf"(?:^|/)(?:{_VENDORED_STYLES})\.(?:css|less|scss|styl)$",
        r"(?:^|/)bourbon/.*\.(?:css|less|scss|styl)$",
        r"(?:^|/)codemirror/(?:\d+\.\d+/)?(?:lib|mode|theme|addon|keymap|demo)",
        rf"(?:^|/)(?:{_VENDORED_NAMES}|{_GENERATED_NAMES}|{_LOCK_NAMES})$",
        rf"\.(?:{_BINARY_ENDINGS})$",
    )
)


def is_source(column: str) -> pl.Expr:
    """Whether the path in a column is somebody's work."""
    return ~pl.col(column).str.contains(f"(?i){NOT_SOURCE}")
