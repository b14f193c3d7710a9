using System.Text;

namespace Orchestration.Gateway.Tests.Hardening;

/// <summary>What is said on a connection.</summary>
/// <param name="Kind">Which mistake it is.</param>
/// <param name="Words">The bytes.</param>
/// <param name="EndsConnection">Where the request ends is unclear, so that nothing after it may be answered.</param>
internal sealed record MalformedRequest(string Kind, byte[] Words, bool EndsConnection);

/// <summary>
/// Requests with one thing wrong, drawn at random. Each hides a second request in its body where it has one, and is followed by a good one on the
/// same connection: whoever mistakes the end of the first answers to the hidden one.
/// </summary>
internal sealed class MalformedRequests(int seed, string key)
{
    public const string Hidden = "/v1/hidden-in-a-body";
    private static readonly string[] Paths = ["/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/embeddings", "/v1/rerank"];
    private readonly Random _random = new(seed);

    private string Path => Paths[_random.Next(Paths.Length)];

    private string Authorization => $"Authorization: Bearer {key}\r\n";

    public IEnumerable<MalformedRequest> Take(int count)
    {
        Func<MalformedRequest>[] kinds =
        [
            TwoLengths, SignedLength, LengthAndChunks, OddEncoding, BadChunkSize, BareLineFeeds, NoEndOfChunks, FoldedHeader, BadHeaderName, BadHeaderValue,
            ManyHeaders, LongHeader, BadVersion, LongTarget, OddTarget, OddMethod, NoHost, CutJson, WrongTypes, DuplicateMember, DeepJson,
            BadUtf8, OtherEncodingOfBody, OtherContentType, TwoKeys, KeyElsewhere, OddKey, Noise, CutAnywhere,
        ];
        for (var i = 0; i < count; i++)
            yield return kinds[i % kinds.Length]();
    }

    private MalformedRequest TwoLengths() => Framed("two lengths", $"Content-Length: {_random.Next(1, 9)}\r\nContent-Length: {_random.Next(10, 99)}\r\n", HiddenRequest);

    private MalformedRequest SignedLength() => Framed("odd length", $"Content-Length: {Pick("-1", "0x10", "5 5", "5,6", "99999999999999999999", "1e3", "")}\r\n", HiddenRequest);

    private MalformedRequest LengthAndChunks() => Framed("length and chunks", $"Content-Length: {_random.Next(1, 40)}\r\nTransfer-Encoding: chunked\r\n", $"1\r\n{{\r\n0\r\n\r\n{HiddenRequest}");

    private MalformedRequest OddEncoding() => Framed(
        "odd transfer encoding", $"Transfer-Encoding: {Pick("identity, chunked", "chunked, identity", "xchunked", "gzip", "chunked\r\nTransfer-Encoding: identity", "\u000bchunked", "Chunked, chunked")}\r\n", $"0\r\n\r\n{HiddenRequest}");

    private MalformedRequest BadChunkSize() => Framed("bad chunk size", "Transfer-Encoding: chunked\r\n", $"{Pick("-1", "zz", "ffffffffffffffffff", "+4", "", "0x2", "4 4")}\r\n{HiddenRequest}");

    private MalformedRequest BareLineFeeds() => Framed("bare line feeds", "Transfer-Encoding: chunked\r\n", $"2;{Pick("\n", "\rx", "a\nb")}\r\nxx\r\n0\r\n\r\n{HiddenRequest}");

    private MalformedRequest NoEndOfChunks() => Unended("chunks without an end", $"POST {Path} HTTP/1.1\r\nHost: h\r\n{Authorization}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{{\"a\":\r\n{_random.Next(1, 9)}\r\n");

    private MalformedRequest FoldedHeader() => Unclear("folded header", $"GET /v1/models HTTP/1.1\r\nHost: h\r\nX-Fold: a\r\n{Pick(" ", "\t")}b\r\n{Authorization}\r\n");

    private MalformedRequest BadHeaderName() => Unclear("bad header name", $"GET /v1/models HTTP/1.1\r\nHost: h\r\n{Pick("X Y", "", "X\0Y", "Ünder")}: 1\r\n{Authorization}\r\n");

    private MalformedRequest BadHeaderValue() => Unclear("bad header value", $"GET /v1/models HTTP/1.1\r\nHost: h\r\nX-Value: a{Pick("\0", "\r", "\u0001\rb")}c\r\n{Authorization}\r\n");

    private MalformedRequest ManyHeaders() => Unclear("many headers", $"GET /v1/models HTTP/1.1\r\nHost: h\r\n{string.Concat(Enumerable.Range(0, _random.Next(150, 400)).Select(i => $"X-{i}: 1\r\n"))}\r\n");

    private MalformedRequest LongHeader() => Unclear("long header", $"GET /v1/models HTTP/1.1\r\nHost: h\r\nX-Long: {new string('a', _random.Next(40_000, 90_000))}\r\n\r\n");

    private MalformedRequest BadVersion() => Unclear("bad version", $"GET /v1/models {Pick("HTTP/9.9", "HTTP/1.2", "http/1.1", "HTTP/1.", "")}\r\nHost: h\r\n\r\n");

    private MalformedRequest LongTarget() => Unclear("long target", $"GET /v1/{new string('a', _random.Next(9_000, 30_000))} HTTP/1.1\r\nHost: h\r\n\r\n");

    private MalformedRequest OddTarget() => Clear(
        "odd target", $"GET {Pick("//v1/none", "/v1//none", "/v1/%2e%2e/none", "/v1/none%2f", "/v1/none;x", "/V1/None/", "/v1/%00none", "/v1/%ff", "*", "/admin/v1/keys", "/v1/none?a=%zz")} HTTP/1.1\r\nHost: h\r\n{Authorization}\r\n");

    private MalformedRequest OddMethod() => Clear("odd method", $"{Pick("TRACE", "DELETE", "PUT", "BREW", "PATCH")} {Path} HTTP/1.1\r\nHost: h\r\nX-HTTP-Method-Override: POST\r\n{Authorization}\r\n");

    private MalformedRequest NoHost() => Unclear("no host or two", $"GET /v1/models HTTP/1.1\r\n{Pick("", "Host: a\r\nHost: b\r\n", "Host: a b\r\n")}{Authorization}\r\n");

    private MalformedRequest CutJson() => Json("cut JSON", Good[.._random.Next(1, Good.Length)]);

    private MalformedRequest WrongTypes() => Json("wrong types", Pick("[]", "null", "7", "\"x\"", """{"model":7,"messages":{},"input":{},"documents":1,"query":[]}""", """{"model":["a"],"input":9}"""));

    private MalformedRequest DuplicateMember() => Json("duplicate member", """{"model":"test/chat","model":"test/small","messages":[],"input":"x"}""");

    private MalformedRequest DeepJson() => Json("deep JSON", $$"""{"model":"test/chat","x":{{new string('[', _random.Next(100, 5_000))}}""");

    private MalformedRequest BadUtf8() => Post("bad UTF-8", "Content-Type: application/json\r\n", [.. "{\"model\":\""u8, (byte)_random.Next(0x80, 0xC0), 0xFE, .. "\"}"u8]);

    private MalformedRequest OtherEncodingOfBody() => Post("encoded body", $"Content-Type: application/json\r\nContent-Encoding: {Pick("gzip", "br", "gzip, gzip")}\r\n", Encoding.ASCII.GetBytes(Good));

    private MalformedRequest OtherContentType() => Post(
        "other content type", $"Content-Type: {Pick("text/plain", "application/xml", $"multipart/form-data; boundary={new string('b', 7_000)}", "application/x-www-form-urlencoded", "json")}\r\n", Encoding.ASCII.GetBytes("model=x"));

    private MalformedRequest TwoKeys() => Clear("two keys", $"GET /v1/models HTTP/1.1\r\nHost: h\r\n{Authorization}x-api-key: sk-another-one\r\n\r\n");

    private MalformedRequest KeyElsewhere() => Clear("key elsewhere", $"GET /v1/models?{Pick("api_key", "key", "access_token")}={key} HTTP/1.1\r\nHost: h\r\nCookie: key={key}\r\n\r\n");

    private MalformedRequest OddKey() => Clear("odd key", $"GET /v1/models HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {Pick("' OR 1=1 --", new string('k', 5_000), "sk-", "../../etc", "%00", "null")}\r\n\r\n");

    private MalformedRequest Noise()
    {
        var noise = new byte[_random.Next(1, 600)];
        _random.NextBytes(noise);
        return new MalformedRequest("noise", noise, EndsConnection: true);
    }

    private MalformedRequest CutAnywhere()
    {
        var whole = Post("cut", "Content-Type: application/json\r\n", Encoding.ASCII.GetBytes(Good)).Words;
        var end = whole.AsSpan().IndexOf("\r\n\r\n"u8) + 4 + Good.Length - 1;
        return new MalformedRequest("cut anywhere", whole[.._random.Next(1, end)], EndsConnection: true);
    }

    private static string Good => """{"model":"no/such-model","messages":[{"role":"user","content":"Hi"}],"input":"x","query":"x","documents":["x"],"max_tokens":5}""";

    private static string HiddenRequest => $"GET {Hidden} HTTP/1.1\r\nHost: h\r\n\r\n";

    private string GoodRequest => $"GET /v1/models HTTP/1.1\r\nHost: h\r\n{Authorization}\r\n";

    private MalformedRequest Json(string kind, string body) => Post(kind, "Content-Type: application/json\r\n", Encoding.UTF8.GetBytes(body));

    private MalformedRequest Post(string kind, string headers, byte[] body) => new(
        kind,
        [.. Encoding.Latin1.GetBytes($"POST {Path} HTTP/1.1\r\nHost: h\r\n{Authorization}{headers}Content-Length: {body.Length}\r\n\r\n"), .. body, .. Encoding.Latin1.GetBytes(GoodRequest)],
        EndsConnection: false);

    private MalformedRequest Framed(string kind, string framing, string body) => Unclear(kind, $"POST {Path} HTTP/1.1\r\nHost: h\r\n{Authorization}Content-Type: application/json\r\n{framing}\r\n{body}");

    private MalformedRequest Clear(string kind, string request) => new(kind, Encoding.Latin1.GetBytes(request + GoodRequest), EndsConnection: false);

    private MalformedRequest Unclear(string kind, string request) => new(kind, Encoding.Latin1.GetBytes(request + GoodRequest), EndsConnection: true);

    private static MalformedRequest Unended(string kind, string request) => new(kind, Encoding.Latin1.GetBytes(request), EndsConnection: true);

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
