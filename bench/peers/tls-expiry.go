// The expiry dates that a team would read with Go's crypto/tls: on goroutines, without verification, one line for each
// endpoint.
//
// usage: tls-expiry HOSTS GOROUTINES [TIMEOUT]; HOSTS has one host:port a line. Exit 1 when one failed.
package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func expiry(target string, timeout time.Duration) (time.Time, error) {
	host, _, err := net.SplitHostPort(target)
	if err != nil {
		return time.Time{}, err
	}
	dialer := &net.Dialer{Timeout: timeout, Deadline: time.Now().Add(timeout)}
	connection, err := tls.DialWithDialer(dialer, "tcp", target, &tls.Config{ServerName: host, InsecureSkipVerify: true})
	if err != nil {
		return time.Time{}, err
	}
	defer connection.Close()
	return connection.ConnectionState().PeerCertificates[0].NotAfter, nil
}

func main() {
	content, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	goroutines, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	timeout := 10 * time.Second
	if len(os.Args) > 3 {
		if timeout, err = time.ParseDuration(os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}

	targets := make(chan string)
	lines := make(chan string)
	var workers sync.WaitGroup
	var failed int32
	for i := 0; i < goroutines; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for target := range targets {
				notAfter, err := expiry(target, timeout)
				if err != nil {
					atomic.StoreInt32(&failed, 1)
					fmt.Fprintf(os.Stderr, "%s: %v\n", target, err)
					continue
				}
				lines <- target + " " + notAfter.Format(time.RFC3339)
			}
		}()
	}
	go func() {
		for _, target := range strings.Fields(string(content)) {
			targets <- target
		}
		close(targets)
		workers.Wait()
		close(lines)
	}()
	output := bufio.NewWriter(os.Stdout)
	for line := range lines {
		fmt.Fprintln(output, line)
	}
	output.Flush()
	if atomic.LoadInt32(&failed) == 1 {
		os.Exit(1)
	}
}
