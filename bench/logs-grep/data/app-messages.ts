/** A kind of message of the application. */
export interface AppMessage {
  level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
  logger: string;
  /** `#` stands for a number from 0 to 9999. */
  text: string;
  /** Lines of a stack trace behind it. */
  trace?: number;
}

/** Most lines: about one in five is of level DEBUG. */
export const debugMessages: readonly AppMessage[] = [
  { level: 'DEBUG', logger: 'o.s.web.servlet.DispatcherServlet', text: 'GET /api/v1/orders/#, parameters={masked}' },
  { level: 'DEBUG', logger: 'org.hibernate.SQL', text: 'select o.id, o.state, o.total from orders o where o.id=#' },
  { level: 'DEBUG', logger: 'c.e.cache.RegionCache', text: 'hit for key product:# in region catalog' },
  { level: 'DEBUG', logger: 'c.e.http.ClientPool', text: 'lease of connection # to inventory.internal:8443' },
];

export const infoMessages: readonly AppMessage[] = [
  { level: 'INFO', logger: 'c.e.orders.CheckoutService', text: 'order # placed, 3 items, paid by card' },
  { level: 'INFO', logger: 'c.e.orders.CheckoutService', text: 'order # confirmed after # ms' },
  { level: 'INFO', logger: 'c.e.users.SessionFilter', text: 'session opened for customer #' },
  { level: 'INFO', logger: 'c.e.users.SessionFilter', text: 'session closed for customer # after idle time' },
  { level: 'INFO', logger: 'c.e.mail.Outbox', text: 'mail order-confirmation queued as job #' },
  { level: 'INFO', logger: 'c.e.search.IndexWriter', text: 'segment # flushed, 0 errors, 0 warnings' },
  { level: 'INFO', logger: 'c.e.http.AccessLog', text: 'POST /api/v1/cart/items answered 201 in # ms' },
  { level: 'INFO', logger: 'c.e.http.AccessLog', text: 'GET /api/v1/products/# answered 200 in # ms' },
];

export const warnMessages: readonly AppMessage[] = [
  { level: 'WARN', logger: 'c.e.db.SlowQuery', text: 'slow query took # ms on replica-2' },
  { level: 'WARN', logger: 'c.e.db.Pool', text: 'connection pool orders exhausted, # waiting' },
  { level: 'WARN', logger: 'c.e.http.Retry', text: 'retry 2 of 5 for inventory.internal, last answer 503' },
  { level: 'WARN', logger: 'c.e.http.Retry', text: 'timeout of # ms waiting for pricing.internal' },
  { level: 'WARN', logger: 'c.e.users.LoginGuard', text: 'failed login for customer #, bad password' },
  { level: 'WARN', logger: 'c.e.users.LoginGuard', text: 'customer # locked out for 15 minutes' },
  { level: 'WARN', logger: 'c.e.files.Volume', text: 'disk /dev/sdb1 is 91% full' },
  { level: 'WARN', logger: 'c.e.tls.Truststore', text: 'certificate of partner # expires in 12 days' },
  { level: 'WARN', logger: 'c.e.queue.Consumer', text: 'consumer lag of # messages on topic orders' },
  { level: 'WARN', logger: 'c.e.queue.Consumer', text: 'rebalance of group checkout, generation #' },
  { level: 'WARN', logger: 'c.e.jvm.Pauses', text: 'GC pause of # ms, old generation' },
  { level: 'WARN', logger: 'c.e.http.Limiter', text: 'rate limit reached by client #, answered 429' },
  { level: 'WARN', logger: 'c.e.mail.Outbox', text: 'mailbox of customer # unavailable, deferred' },
  { level: 'WARN', logger: 'c.e.config.Settings', text: 'deprecated setting payment.legacyMode used' },
  { level: 'WARN', logger: 'c.e.cache.RegionCache', text: 'region catalog evicted # entries' },
  { level: 'WARN', logger: 'c.e.orders.Stock', text: 'product # is out of stock' },
];

export const errorMessages: readonly AppMessage[] = [
  { level: 'ERROR', logger: 'c.e.orders.CheckoutService', text: 'order # could not be placed', trace: 12 },
  { level: 'ERROR', logger: 'c.e.db.Migrations', text: 'deadlock found when trying to get lock #', trace: 9 },
  { level: 'ERROR', logger: 'c.e.payment.Gateway', text: 'payment # declined by the acquirer' },
  { level: 'ERROR', logger: 'c.e.queue.Producer', text: 'message # was not acknowledged by broker-3', trace: 7 },
  { level: 'ERROR', logger: 'c.e.files.Uploads', text: 'No space left on device, upload # given up' },
];

/** A handful in a GiB. */
export const rareMessages: readonly AppMessage[] = [
  { level: 'FATAL', logger: 'c.e.Main', text: 'cannot bind port #, giving up' },
  { level: 'ERROR', logger: 'c.e.jvm.Heap', text: 'java.lang.OutOfMemoryError: Java heap space', trace: 10 },
  { level: 'ERROR', logger: 'c.e.native.Codec', text: 'panic in worker #: index out of range' },
];
