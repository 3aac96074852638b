# What the tests of the package share.  They source it.
# shellcheck shell=sh

package=libapache2-mod-cors
available=/etc/apache2/mods-available
log=/var/log/apache2/error.log
api=http://127.0.0.1/
origin=https://app.example.com
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

export DEBIAN_FRONTEND=noninteractive

ok() { echo "ok - $1"; }

# Ends the test, and shows what httpd has said.
not_ok() {
    echo "not ok - $1"
    sed 's/^/# /' "$answer"
    [ ! -e "$log" ] || tail -n 20 "$log" | sed 's/^/# error.log: /'
    exit 1
}

# check WHAT COMMAND...
check() {
    what=$1
    shift
    if "$@"; then ok "$what"; else not_ok "$what"; fi
}

no() { ! "$@"; }

enabled() { a2query -q -m cors; }

# Sends a request, and waits for a server that has just been started.
ask() {
    curl -si --retry 50 --retry-delay 1 --retry-connrefused --max-time 60 \
        "$@" "$api" >"$answer" || not_ok "an answer to: curl $*"
}

says() { grep -qi "$1" "$answer"; }

# Restarts the server, with an empty error log.
restart() {
    : >"$log"
    apache2ctl configtest || not_ok 'configtest'
    service apache2 restart || not_ok 'httpd starts'
    ask
}

logged() { grep -q "$1" "$log"; }

# One line, in a file of its own.
write_policy() {
    echo "CorsAllowOrigin $origin" >/etc/apache2/conf-available/zz-cors-test.conf
    a2enconf -q zz-cors-test
}

remove_policy() {
    a2disconf -q -f zz-cors-test
    rm -f /etc/apache2/conf-available/zz-cors-test.conf \
        /var/lib/apache2/conf/disabled_by_admin/zz-cors-test
}

# The version of the sources, as the log has it: without Debian's part.
version() {
    dpkg-query -W -f '${Version}' "$package" | sed 's/-[^-]*$//'
}
