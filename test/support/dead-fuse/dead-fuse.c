/*
 * A filesystem for tests: an empty folder whose statfs(2) is the interesting part.
 *
 *   dead-fuse dead MOUNTPOINT     statfs is never answered: who asks waits in state D, as on a dead NFS server
 *   dead-fuse frsize MOUNTPOINT   f_bsize is 1 MiB and f_frsize 4 KiB, as Docker Desktop's virtiofs reports them
 *
 * Prints one line when the mount is there. Ends, and takes its mount down, when its standard input closes: so it
 * cannot outlive the test run that started it, however that run ends.
 */
#define FUSE_USE_VERSION 35
#include <fuse_lowlevel.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int dead;

static void answer_statfs(fuse_req_t request, fuse_ino_t inode) {
  (void)inode;
  if (dead) return;
  struct statvfs numbers = {
      .f_bsize = 1048576,
      .f_frsize = 4096,
      .f_blocks = 1000000,
      .f_bfree = 400000,
      .f_bavail = 300000,
      .f_files = 1000,
      .f_ffree = 900,
      .f_namemax = 255,
  };
  fuse_reply_statfs(request, &numbers);
}

static void answer_getattr(fuse_req_t request, fuse_ino_t inode, struct fuse_file_info *file) {
  (void)file;
  struct stat attributes = {.st_ino = inode, .st_mode = S_IFDIR | 0755, .st_nlink = 2};
  fuse_reply_attr(request, &attributes, 1.0);
}

static void *end_with_input(void *session) {
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
  fuse_session_unmount(session);
  _exit(0);
}

int main(int count, char **words) {
  if (count != 3 || (strcmp(words[1], "dead") != 0 && strcmp(words[1], "frsize") != 0)) {
    fprintf(stderr, "usage: dead-fuse dead|frsize MOUNTPOINT\n");
    return 2;
  }
  dead = strcmp(words[1], "dead") == 0;

  char *fuse_words[] = {words[0], "-ofsname=dead-fuse,subtype=test", NULL};
  struct fuse_args arguments = FUSE_ARGS_INIT(2, fuse_words);
  const struct fuse_lowlevel_ops operations = {.statfs = answer_statfs, .getattr = answer_getattr};
  struct fuse_session *session = fuse_session_new(&arguments, &operations, sizeof operations, NULL);
  if (session == NULL || fuse_session_mount(session, words[2]) != 0) return 1;

  pthread_t watcher;
  if (pthread_create(&watcher, NULL, end_with_input, session) != 0) {
    fuse_session_unmount(session);
    return 1;
  }
  puts("mounted");
  fflush(stdout);
  fuse_session_loop(session);
  pthread_join(watcher, NULL);
  return 0;
}
