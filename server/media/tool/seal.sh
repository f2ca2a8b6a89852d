# Builds the room in which a tool runs, inside namespaces of its own: nothing but programs (read only) and its job's folder; then enters it.
# $1 an empty folder, $2 the job's folder, $3 the file that is seen there as `source` (or nothing), the rest is the command. Every word here is ours; nothing that people wrote comes near it.
set -e
root=$1; job=$2; source=$3; shift 3
mount --make-rprivate /
mount -t tmpfs -o size=64k,mode=755 none "$root"
cd "$root"
mkdir usr dev job etc
mount --rbind /usr usr
for name in lib lib64 bin sbin; do
  if [ -L /$name ]; then ln -s "usr/$name" $name
  elif [ -d /$name ]; then mkdir $name; mount --rbind /$name $name; mount -o remount,bind,ro $name
  fi
done
if [ -e /etc/ld.so.cache ]; then : > etc/ld.so.cache; mount --bind /etc/ld.so.cache etc/ld.so.cache; fi
if [ -d /etc/alternatives ]; then mkdir etc/alternatives; mount --bind /etc/alternatives etc/alternatives; fi
: > dev/null; mount --bind /dev/null dev/null
: > dev/urandom; mount --bind /dev/urandom dev/urandom
mount --bind "$job" job
if [ -n "$source" ]; then mount --bind "$source" job/source; mount -o remount,bind,ro job/source; fi
mount -o remount,bind,ro usr
mount -o remount,ro none "$root"
exec chroot . /usr/bin/env -i -C /job LANG=C.UTF-8 "$@"
