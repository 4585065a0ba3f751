/*
 * The least that a process for each connection costs: reads a request on stdin and answers it at once.
 */
#include <string.h>
#include <unistd.h>

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
                             "Content-Length: 16\r\nConnection: close\r\n\r\nRBL is running.\n";

int main(void)
{
	char head[8192];
	size_t length = 0;

	while (length < sizeof head - 1) {
		ssize_t count = read(0, head + length, sizeof head - 1 - length);
		if (count <= 0)
			break;
		length += count;
		head[length] = '\0';
		if (strstr(head, "\r\n\r\n"))
			break;
	}
	return write(1, answer, sizeof answer - 1) == sizeof answer - 1 ? 0 : 1;
}
