/**
 * The times of well-known programs that have no reader of their own, in the order in which they are tried. A day and a
 * month in digits are here only where their order is certain: 11/12/2026 is November in one country and December in
 * another, and has to be said with a pattern.
 */
export const knownPatterns: readonly string[] = [
  // ctime(3): Apache's error log, dmesg -T, MongoDB of old; Apache puts a fraction behind the seconds.
  '%a %b %d %H:%M:%S %Y',
  // date(1) in the C locale.
  '%a %b %d %H:%M:%S %Z %Y',
  // HTTP and mail.
  '%a, %d %b %Y %H:%M:%S %Z',
  '%a, %d %b %Y %H:%M:%S %z',
  // Redis.
  '%d %b %Y %H:%M:%S',
  // Tomcat, Oracle, BIND.
  '%d-%b-%Y %H:%M:%S',
  // java.util.logging.
  '%b %d, %Y %I:%M:%S %p',
  // Cisco with the year.
  '%b %d %Y %H:%M:%S',
  // Exchange of the day first with dots: log4j and Windows programs in Central Europe.
  '%d.%m.%Y %H:%M:%S',
  // apt, with two blanks.
  '%Y-%m-%d %H:%M:%S',
  // Gin.
  '%Y/%m/%d - %H:%M:%S',
  // Db2, Blue Gene.
  '%Y-%m-%d-%H.%M.%S',
  // HDFS, MySQL 5.
  '%y%m%d %H%M%S',
  '%y%m%d %H:%M:%S',
  // Compact ISO 8601.
  '%Y%m%dT%H%M%S%z',
  '%Y%m%dT%H%M%S',
  '%Y%m%d %H:%M:%S',
  '%Y%m%d-%H:%M:%S:%f',
  // Spark.
  '%y/%m/%d %H:%M:%S',
  // Android's logcat.
  '%m-%d %H:%M:%S',
];
