import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A streamed answer with its cost, with nothing but the JDK. */
public final class Chat {
    private static final Pattern CONTENT = member("content", "\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern MESSAGE = member("message", "\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern INPUT = member("prompt_tokens", "(\\d+)");
    private static final Pattern OUTPUT = member("completion_tokens", "(\\d+)");
    private static final Pattern AMOUNT = member("amount", "\"([^\"]*)\"");
    private static final Pattern CURRENCY = member("currency", "\"([^\"]*)\"");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");
    private static final Map<String, String> CONTROLS = Map.of("n", "\n", "t", "\t", "r", "\r", "b", "\b", "f", "\f");

    private boolean complete;

    public static void main(String[] args) throws InterruptedException {
        try {
            new Chat().run();
        } catch (IOException failed) {
            System.err.println("failed: " + failed.getMessage());
            System.exit(1);
        }
    }

    private void run() throws IOException, InterruptedException {
        String body = """
            {"model":"%s","stream":true,"stream_options":{"include_usage":true},
             "messages":[{"role":"user","content":"Which planet is the largest?"}]}
            """.formatted(System.getenv().getOrDefault("ORCHESTRATION_MODEL", "auto"));
        HttpRequest request = HttpRequest.newBuilder()
            .uri(URI.create(System.getenv().getOrDefault("ORCHESTRATION_URL", "http://localhost:8080") + "/v1/chat/completions"))
            .header("Authorization", "Bearer " + System.getenv("ORCHESTRATION_KEY"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofMinutes(2))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10)).build();
        HttpResponse<Stream<String>> response = client.send(request, HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException(response.statusCode() + " " + find(MESSAGE, lines.collect(Collectors.joining())));
            }
            for (String line : (Iterable<String>) lines::iterator) {
                read(line);
            }
        }
        if (!complete) {
            throw new IOException("The answer broke off.");
        }
    }

    private void read(String line) throws IOException {
        if (!line.startsWith("data:")) {
            return; // empty lines between events, and comments as signs of life
        }
        String data = line.substring(5).strip();
        if (data.equals("[DONE]")) {
            complete = true;
        } else if (data.startsWith("{\"error\"")) {
            throw new IOException(find(MESSAGE, data));
        } else if (INPUT.matcher(data).find()) {
            System.out.printf("%nusage: %s in, %s out, %s %s%n", find(INPUT, data), find(OUTPUT, data), find(AMOUNT, data), find(CURRENCY, data));
        } else {
            System.out.print(find(CONTENT, data));
            System.out.flush();
        }
    }

    private static Pattern member(String name, String value) {
        return Pattern.compile("\"" + name + "\"\\s*:\\s*" + value);
    }

    private static String find(Pattern member, String json) {
        Matcher found = member.matcher(json);
        return found.find() ? unescape(found.group(1)) : "";
    }

    private static String unescape(String text) {
        return ESCAPE.matcher(text).replaceAll(match -> {
            String escaped = match.group(1);
            String plain = escaped.length() == 5
                ? String.valueOf((char) Integer.parseInt(escaped.substring(1), 16))
                : CONTROLS.getOrDefault(escaped, escaped);
            return Matcher.quoteReplacement(plain);
        });
    }
}
