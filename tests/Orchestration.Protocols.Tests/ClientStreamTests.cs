using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Responses;

namespace Orchestration.Protocols.Tests;

/// <summary>However the parts of an answer grow side by side: each client gets a sound stream with all of the text, and one end.</summary>
public sealed class ClientStreamTests
{
    private const int Cases = 800;
    private const string Seed = "0N0XIzNsQ0O2";

    private static readonly PartKind[] Kinds = [PartKind.Text, PartKind.Reasoning, PartKind.ToolCall, PartKind.Refusal];

    private static readonly Gen<(int[] Kinds, int[] Turns, int End)> Answers =
        Gen.Select(Gen.Int[0, Kinds.Length - 1].Array[1, 5], Gen.Int[0, 100].Array[0, 20], Gen.Int[0, 4], (kinds, turns, end) => (kinds, turns, end));

    [Fact]
    public void Blocks_of_messages_follow_each_other_and_hold_all_of_the_text() => Answers.Sample(
        answer =>
        {
            var (events, texts) = Play(answer);
            var sent = Parse(Encode(new AnthropicStreamEncoder("r-1", "m"), events));
            var types = sent.Select(item => (string)item["type"]!).ToList();

            types[0].ShouldBe("message_start");
            types.Count(type => type is "message_stop" or "error").ShouldBe(1);
            types[^1].ShouldBe(answer.End == 0 || answer.End == 1 ? "error" : "message_stop");
            CheckBlocks(sent);
            if (types[^1] == "message_stop")
                Joined(sent, "input_json_delta", "partial_json").Replace("{}", "", StringComparison.Ordinal).ShouldBe(InOrder(texts, PartKind.ToolCall));
        },
        seed: Seed, iter: Cases, threads: 1);

    [Fact]
    public void Items_of_a_response_are_whole_numbered_and_told_again_at_its_end() => Answers.Sample(
        answer =>
        {
            var (events, texts) = Play(answer);
            var sent = Parse(Encode(new ResponsesStreamEncoder("r-1", ""), events));
            var types = sent.Select(item => (string)item["type"]!).ToList();

            sent.Select(item => (int)item["sequence_number"]!).ShouldBe(Enumerable.Range(0, sent.Count));
            types.Count(type => type is "response.completed" or "response.incomplete" or "response.failed").ShouldBe(1);
            types[^1].ShouldBe(answer.End switch { 0 or 1 => "response.failed", 2 => "response.incomplete", _ => "response.completed" });
            if (types[^1] == "response.failed")
                return;
            var added = types.Count(type => type == "response.output_item.added");
            types.Count(type => type == "response.output_item.done").ShouldBe(added);
            var output = sent[^1]["response"]!["output"]!.AsArray();
            output.Count.ShouldBe(added);
            // Texts that grow side by side stand in the order of their first words.
            output.SelectMany(item => item!["content"]?.AsArray() ?? []).Select(part => (string?)part!["text"] ?? "").Where(text => text.Length > 0)
                .ShouldBe(texts.Where(text => Kinds[text[0] - '0'] == PartKind.Text && text.Length > 1).Select(text => text[1..]), ignoreOrder: true);
            string.Concat(output.Select(item => (string?)item!["arguments"])).ShouldBe(InOrder(texts, PartKind.ToolCall));
            Joined(sent, "response.reasoning_summary_text.delta").Length.ShouldBe(InOrder(texts, PartKind.Reasoning).Length);
        },
        seed: Seed, iter: Cases, threads: 1);

    [Fact]
    public void Chunks_end_with_done_only_behind_a_finish() => Answers.Sample(
        answer =>
        {
            var text = Encode(new OpenAIChatChunkEncoder("r-1", "m", DateTimeOffset.UnixEpoch, includeUsage: true), Play(answer).Events);

            text.Contains("[DONE]", StringComparison.Ordinal).ShouldBe(answer.End > 1);
            text.Contains("\"error\"", StringComparison.Ordinal).ShouldBe(answer.End <= 1);
        },
        seed: Seed, iter: Cases, threads: 1);

    // End: 0 fails, 1 just stops, 2 was cut, 3 and 4 are whole.
    private static (List<ChatEvent> Events, string[] Texts) Play((int[] Kinds, int[] Turns, int End) answer)
    {
        var texts = answer.Kinds.Select(_ => "").ToArray();
        var events = new List<ChatEvent> { new() { ResponseStarted = new ResponseStarted { Provider = "p", Model = "m" } } };
        var begun = 0;
        foreach (var (number, turn) in answer.Turns.Index())
        {
            if (begun < answer.Kinds.Length && (begun == 0 || turn % 3 == 0))
                events.Add(Start(begun, Kinds[answer.Kinds[begun++]]));
            var part = turn % begun;
            var piece = $"{part}:{number};";
            texts[part] += piece;
            events.Add(new ChatEvent { PartDelta = new PartDelta { PartIndex = part, Text = piece } });
            if (turn % 7 == 0)
                events.Add(new ChatEvent { KeepAlive = new KeepAlive() });
        }

        if (answer.End == 0)
            events.Add(new ChatEvent { Error = new Failure { FailureClass = FailureClass.ProviderTruncated, Code = "cut", Message = "Cut." } });
        if (answer.End > 1)
        {
            events.AddRange(Enumerable.Range(0, begun).Select(part => new ChatEvent { PartStop = new PartStop { PartIndex = part } }));
            events.Add(new ChatEvent { Usage = new Usage { InputTokens = 1, OutputTokens = 2 } });
            events.Add(new ChatEvent { Finish = new Finish { Reason = answer.End == 2 ? FinishReason.Length : FinishReason.Stop } });
        }

        events.Add(new ChatEvent { Summary = new Summary() });
        return (events, [.. texts.Index().Select(text => $"{answer.Kinds[text.Index]}{text.Item}")]);
    }

    private static ChatEvent Start(int part, PartKind kind) => new()
    {
        PartStart = new PartStart { PartIndex = part, Kind = kind, ToolCall = kind == PartKind.ToolCall ? new ToolCall { Id = $"c{part}", Name = "f" } : null },
    };

    private static string InOrder(string[] texts, PartKind kind) =>
        string.Concat(texts.Where(text => Kinds[text[0] - '0'] == kind).Select(text => text[1..]));

    private static string Encode(IChatStreamEncoder encoder, IEnumerable<ChatEvent> events)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var item in events)
            encoder.Write(output, item);
        encoder.IsEnded.ShouldBeTrue();
        var length = output.WrittenCount;
        encoder.Write(output, new ChatEvent { PartDelta = new PartDelta { Text = "late" } });
        output.WrittenCount.ShouldBe(length);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static List<JsonNode> Parse(string text) =>
        [.. text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line["data: ".Length..])!)];

    private static string Joined(IEnumerable<JsonNode> sent, string type, string member) =>
        string.Concat(sent.Where(item => (string?)item["delta"]?["type"] == type).Select(item => (string)item["delta"]![member]!));

    private static string Joined(IEnumerable<JsonNode> sent, string type) =>
        string.Concat(sent.Where(item => (string?)item["type"] == type).Select(item => (string)item["delta"]!));

    private static void CheckBlocks(IEnumerable<JsonNode> sent)
    {
        var (open, next) = (-1, 0);
        foreach (var item in sent)
        {
            switch ((string)item["type"]!)
            {
                case "content_block_start":
                    open.ShouldBe(-1);
                    (open = (int)item["index"]!).ShouldBe(next++);
                    break;
                case "content_block_delta":
                    ((int)item["index"]!).ShouldBe(open);
                    break;
                case "content_block_stop":
                    ((int)item["index"]!).ShouldBe(open);
                    open = -1;
                    break;
                case "message_stop":
                    open.ShouldBe(-1);
                    break;
            }
        }
    }
}
