"""Which paths are somebody's work: not vendored, generated, binary, nor a lock file.

The rules are those on paths of GitHub Linguist in our words, upper and lower case as there: `src/Cache/` is work and
`cache/` is not. Rules on content are left out, but for names that only generators give. Documentation stays in.
"""

import polars as pl

_FOLDERS = (
    # dependencies and what builds bring
    r"cache|dist|vendors?|[Vv]+endor|[Ee]xtern(?:als?)?|bower_components|xvba_modules|Carthage|Pods|Sparkle|puphpet"
    r"|(?:Crashlytics|Fabric|BuddyBuildSDK)\.framework|\.google_apis|env|admin_media|htmlcov|gradle/wrapper"
    r"|\.mvn/wrapper|\.yarn/(?:releases|plugins|sdks|versions|unplugged)|docs?/_?(?:build|themes?|templates?|static)"
    # well-known libraries
    r"|bootstrap-datepicker|ace-builds|MathJax"
    # data of tests
    r"|testdata|[Tt]ests?/fixtures|[Ss]pecs?/fixtures|inst/extdata"
)
_SETTINGS = r"(?:^|/)\.(?:github|vscode|idea|obsidian|teamcity)/"
_FOLDERS_ENDING_SO = r"(?:3rd|[Tt]hird)[-_]?[Pp]arty|node_modules|Godeps|__generated__|\.xctemplate|\.imageset"
_EXTJS = (
    r"extjs/(?:\.sencha|docs|builds|cmd|examples|locale|packages|plugins|resources|src|welcome)/"
    r"|extjs/.*\.(?:js|xml|txt|html|properties)$"
)
# `[^.]*` may hold a slash: of a folder `jquery` whatever script has one dot in its path.
_SCRIPTS = (
    r"jquery[^.]*|jquery-\d\.\d+(?:\.\d+)?|jquery-ui(?:-\d\.\d+(?:\.\d+)?)?(?:\.\w+)?|jquery\.(?:ui|effects)\.[^.]*"
    r"|jquery\.(?:fancybox|dataTables|fn\.gantt|fileupload(?:-\w+)?)|jquery[^.]*\.validate(?:\.unobtrusive)?"
    r"|jquery[^.]*\.unobtrusive-ajax|[Mm]icrosoft(?:[Mm]vc)?(?:[Aa]jax|[Vv]alidation)(?:\.debug)?|prototype.*"
    r"|effects|controls|dragdrop|mootools[^.]*\d+\.\d+.\d+[^.]*|dojo|MochiKit|yahoo-[^.]*|yui[^.]*|ckeditor"
    r"|tiny_mce[^.]*|Chart|shBrush[^.]*|shCore|shLegacy|angular[^.]*|d3(?:\.v\d+)?[^.]*|react(?:-[^.]*)?"
    r"|modernizr-\d\.\d+(?:\.\d+)?|modernizr\.custom\.\d+|knockout-(?:\d+\.){2}\d+(?:\.debug)?|html5shiv"
    r"|cordova[^.]*|cordova-\d\.\d(?:\.\d)?|foundation(?:\..*)?|slick\.\w+|fuelux|bootbox|pdf\.worker|flow-typed/.*"
    r"|leaflet\.(?:draw-src|spin)|Leaflet\.Coordinates-\d+\.\d+\.\d+\.src|wicket-leaflet|Control\.FullScreen"
)
_STYLES = r"font-?awesome|font-?awesome/.*|foundation|normalize|skeleton|[Bb]ourbon/.*|animate"
_SCRIPTS_AND_STYLES = (
    r"bootstrap[^/.]*(?:\..*)?\.(?:js|css|less|scss|styl)|custom\.bootstrap\S*(?:js|css|less|scss|styl)"
    r"|materialize\.(?:css|less|scss|styl|js)|bulma\.(?:css|sass|scss)|select2/.*\.(?:css|scss|js)"
    r"|(?:jquery-ui(?:-\d\.\d+(?:\.\d+)?)?(?:\.\w+)?|jquery\.(?:ui|effects)\.[^.]*|jquery\.fancybox)\.css"
    r"|(?:leaflet\.draw|Control\.FullScreen|octicons|fontello.*)\.css|sprockets-octicons\.scss"
)
_NAMES = (
    r"configure|config\.(?:guess|sub)|(?:aclocal|libtool|ltoptions|ltsugar|ltversion|lt~obsolete)\.m4|cpplint\.py"
    r"|dotnet-install\.(?:ps1|sh)|erlang\.mk|waf|\.osx|\.indent\.pro|(?i:gradlew(?:\.bat)?|mvnw(?:\.cmd)?)"
    r"|activator(?:\.bat)?|proguard(?:-rules)?\.pro|Vagrantfile|fabfile\.py|Jenkinsfile|\.gitpod\.Dockerfile"
    r"|\.git(?:attributes|ignore|modules)|\.sublime-(?:project|workspace)|\.[Dd][Ss]_[Ss]tore|run\.n|_esy"
)
_GENERATED = (
    r".*[.-]min\.(?:js|css)|(?i:.*\.(?:js|css)\.map)|.*\.d\.ts|.*(?:-vsdoc|\.intellisense)\.js|(?i:.*_tlb\.pas)"
    r"|(?i:.*\.designer\.(?:cs|vb)|.*\.feature\.cs)|.+\.zep\.(?:c|h|php)|.*\.(?:nib|xcworkspacedata|xcuserstate)"
    r"|(?:Julia)?Manifest(?:-v\d+\.\d+)?\.toml|\.pnp\..*|Cargo\.toml\.orig|\.secrets\.baseline|\.sqlx/query-[a-f\d]{64}\.json"
    # names that only generators give
    r"|.*\.pb\.(?:go|cc|h)|.*_pb2(?:_grpc)?\.py|.*\.g\.dart|ppport\.h"
)
_LOCK_NAMES = (
    r"package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|composer\.lock"
    r"|cargo\.lock|poetry\.lock|pdm\.lock|uv\.lock|pipfile\.lock|pixi\.lock|gemfile\.lock|gopkg\.lock|glide\.lock"
    r"|go\.sum|mix\.lock|pubspec\.lock|podfile\.lock|package\.resolved|(?:\w+\.)?esy\.lock|\.terraform\.lock\.hcl"
    r"|flake\.lock|gradle\.lockfile|packages\.lock\.json|conda-lock\.yml|requirements\.lock|module\.bazel\.lock"
    r"|mise(?:\.[^/]+)?\.lock"
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
_NOT_OWN = "|".join(
    (
        rf"(?:^|/)(?:{_FOLDERS})/",
        rf"(?:{_FOLDERS_ENDING_SO})/",
        r"^(?:[Dd]ependencies|deps|debian)/|^rebar$",
        r"(?:^|/)Realm(?:Swift)?\.framework",
        r"(?:^|/)[Pp]ackages/.+\.\d+/",
        r"vendor/(?:[-0-9A-Za-z]+\.)+(?:com|edu|gov|in|me|net|org|fm|io)/",
        r"(?:^|/)[Cc]ode[Mm]irror/(?:\d+\.\d+/)?(?:lib|mode|theme|addon|keymap|demo)",
        r"(?:^|/)tiny_mce/(?:langs|plugins|themes|utils)",
        rf"(?:^|/)(?:{_EXTJS})",
        rf"(?:^|/)(?:{_SCRIPTS})\.js$",
        rf"(?:^|/)(?:{_STYLES})\.(?:css|less|scss|styl)$",
        r"import\.(?:css|less|scss|styl)$",
        rf"(?:^|/)(?:{_SCRIPTS_AND_STYLES}|{_NAMES}|{_GENERATED})$",
        rf"(?i:(?:^|/)(?:{_LOCK_NAMES})$)",
        rf"(?i:\.(?:{_BINARY_ENDINGS})$)",
    )
)


def is_source(column: str) -> pl.Expr:
    """Whether the path in a column is somebody's work."""
    return is_own(column) & ~pl.col(column).str.contains(_SETTINGS)


def is_own(column: str) -> pl.Expr:
    """Whether the path in a column is work, or settings of tools and hosts, workflows among them."""
    return ~pl.col(column).str.contains(_NOT_OWN)
