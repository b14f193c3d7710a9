using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Sse;
using Orchestration.Protocols.Tests.Sse;
using Orchestration.Providers.Dialects;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Tests.Conformance;

/// <summary>Runs one golden file against a dialect and the vendor's profile, as Providers uses both.</summary>
internal sealed class GoldenRun(GoldenFile file, IChatDialect dialect, VendorProfile profile)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> _problems = [];
    private readonly Deployment _deployment = new()
    {
        Id = "golden",
        Provider = file.Vendor,
        UpstreamModel = file.Head.GetValueOrDefault("model", "model"),
        MaxOutput = int.Parse(file.Head.GetValueOrDefault("max output", "0"), CultureInfo.InvariantCulture),
    };

    private ChatRequest _request = new() { Stream = true };
    private EncodedRequest? _encoded;
    private IReadOnlyList<string> _actual = [];

    /// <summary>Every difference between what the file expects and what comes; empty when there is none.</summary>
    public IReadOnlyList<string> Check()
    {
        foreach (var section in file.Sections)
            Take(section);
        if (file.Sections.Count == 0) _problems.Add("The file expects nothing.");
        return _problems;
    }

    /// <summary>The streamed answers of the file, each as its bytes.</summary>
    public static IEnumerable<byte[]> Streams(GoldenFile file, string lineEnd) =>
        file.Sections.Where(s => s.Title == "answer stream").Select(s => Encoding.UTF8.GetBytes(s.Text.Replace("\n", lineEnd, StringComparison.Ordinal)));

    /// <summary>The events of a streamed answer that arrives in pieces of the given sizes.</summary>
    public IReadOnlyList<string> Decode(byte[] stream, params int[] sizes)
    {
        var decoder = dialect.BeginStream(_request, _deployment, profile);
        var events = new List<ChatEvent>();
        using var pieces = new PiecesStream(stream, sizes);
        using IEventReader reader = dialect.Framing == StreamFraming.JsonLines ? new JsonLinesReader(pieces) : new SseReader(pieces);
        while (!decoder.IsTerminated && Next(reader) is { } next)
        {
            if (!next.IsComment) decoder.Decode(next, events);
        }

        decoder.Complete(events);
        return EventLines.Of(events, decoder.UsageSuspect);
    }

    private static SseEvent? Next(IEventReader reader) => reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private void Take(GoldenSection section)
    {
        var words = section.Title.Split(' ');
        switch (words)
        {
            case ["request"]:
                Encode(section.Text);
                break;
            case ["expect", "request"]:
                CompareBody(JsonNode.Parse(section.Text), JsonNode.Parse(_encoded!.Body.Span));
                break;
            case ["expect", "warnings"]:
                Compare("warnings", [.. section.Lines.Order(StringComparer.Ordinal)], [.. _encoded!.Warnings.Select(w => $"{w.Code} {w.Param}").Order(StringComparer.Ordinal)]);
                break;
            case ["expect", "path"]:
                Compare("path", section.Lines.Single(), _encoded!.Path ?? dialect.PathFor(_deployment, _encoded.Streams ?? _request.Stream));
                break;
            case ["answer", "stream"]:
                _actual = Decode(Encoding.UTF8.GetBytes(section.Text), int.MaxValue);
                break;
            case ["answer", "whole"]:
                _actual = DecodeWhole(section.Text);
                break;
            case ["answer", "error", var status]:
                _actual = [EventLines.Of(dialect.DecodeError(int.Parse(status, CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(section.Text.TrimEnd('\n')), default, profile))];
                break;
            case ["expect", "events" or "failure"]:
                Compare(section.Title, section.Lines, _actual);
                break;
            default:
                _problems.Add($"Unknown section '{section.Title}'.");
                break;
        }
    }

    private void Encode(string body)
    {
        switch (OpenAIChatRequestDecoder.Decode(Encoding.UTF8.GetBytes(body)))
        {
            case ChatRequestDecoding.Decoded request:
                _request = request.Request;
                _request.EndUser = file.Head.GetValueOrDefault("end user", "");
                _encoded = dialect.Encode(_request, _deployment, profile, 0);
                break;
            case var refused:
                _problems.Add($"The request itself is refused: {refused}");
                break;
        }
    }

    private IReadOnlyList<string> DecodeWhole(string body) =>
        dialect.DecodeWhole(Encoding.UTF8.GetBytes(body), _request, _deployment, profile) switch
        {
            ChatResponseDecoding.Decoded decoded => EventLines.Of(decoded.Events, decoded.UsageSuspect),
            ChatResponseDecoding.Failed failed => [EventLines.Of(failed.Failure)],
            var other => [other.ToString()],
        };

    // The order of members means nothing to anybody.
    private void CompareBody(JsonNode? expected, JsonNode? actual)
    {
        if (!JsonNode.DeepEquals(expected, actual))
            _problems.Add($"request expected:\n{expected?.ToJsonString(Readable)}\nbut was:\n{actual?.ToJsonString(Readable)}");
    }

    private void Compare(string what, IReadOnlyList<string> expected, IReadOnlyList<string> actual) =>
        Compare(what, string.Join('\n', expected), string.Join('\n', actual));

    private void Compare(string what, string expected, string actual)
    {
        if (expected != actual) _problems.Add($"{what} expected:\n{expected}\nbut was:\n{actual}");
    }
}
