using System.Globalization;
using System.Text;

namespace Orchestration.Gateway.Tests.Hardening;

/// <summary>One answer as it stood on the wire.</summary>
internal sealed record RawAnswer(int Status, string Head, string Body)
{
    private const string EndOfHead = "\r\n\r\n";

    /// <summary>All answers of a connection, in order. Throws when something stands there that is no answer.</summary>
    public static IReadOnlyList<RawAnswer> Read(byte[] wire)
    {
        var text = Encoding.Latin1.GetString(wire);
        var answers = new List<RawAnswer>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf(EndOfHead, at, StringComparison.Ordinal);
            if (end < 0 || !text.AsSpan(at).StartsWith("HTTP/1.", StringComparison.Ordinal))
                throw new FormatException($"No answer begins here: {text[at..Math.Min(text.Length, at + 60)]}");

            var head = text[at..end];
            at = end + EndOfHead.Length;
            var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
            var body = status < 200 ? "" : ReadBody(text, head, ref at);
            if (status >= 200)
                answers.Add(new RawAnswer(status, head, body));
        }

        return answers;
    }

    private static string ReadBody(string text, string head, ref int at)
    {
        if (Header(head, "Content-Length") is { } length)
        {
            var body = text.Substring(at, int.Parse(length, CultureInfo.InvariantCulture));
            at += body.Length;
            return body;
        }

        if (Header(head, "Transfer-Encoding") is null)
            return "";

        var chunks = new StringBuilder();
        while (true)
        {
            var line = text.IndexOf("\r\n", at, StringComparison.Ordinal);
            var size = int.Parse(text.AsSpan(at, line - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            chunks.Append(text, line + 2, size);
            at = line + 2 + size + 2;
            if (size == 0)
                return chunks.ToString();
        }
    }

    private static string? Header(string head, string name) => head.Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();
}
