using System.Buffers;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Dialects;

/// <summary>Composes the answer of a chat and sends it, streamed or as one object.</summary>
/// <param name="plain">Writes the whole answer.</param>
/// <param name="stream">Opens the writer of its events.</param>
internal sealed class DialectAnswer(
    Action<IBufferWriter<byte>, ChatExchange> plain, Func<ResponseBody, ChatExchange, AnswerWriter> stream)
{
    /// <summary>Changes the composed answer before it is sent.</summary>
    public Func<Answer, Answer>? Adjust { get; init; }

    public async Task WriteAsync(Visit visit, ChatRequest request)
    {
        var answer = DeclinedAnswer.Apply(AnswerComposer.Compose(request, visit.Model, visit.Vendor, visit.Shape), visit.Fault, visit.Vendor);
        if (Adjust is not null)
            answer = Adjust(answer);
        var entry = visit.Entry;
        entry.InputTokens = answer.InputTokens;
        entry.CachedTokens = answer.CachedTokens;
        entry.CacheWriteTokens = answer.CacheWriteTokens;
        entry.ReasoningTokens = answer.ReasoningTokens;
        entry.Images = request.Conversation.Images;
        var exchange = new ChatExchange(
            visit.Context, visit.Vendor, request, visit.Model, answer, visit.Fault, entry, visit.Shape, visit.Pace);
        if (entry.Stream && visit.Fault?.Kind != FaultKind.PlainForStream)
        {
            var body = FaultResponses.OpenBody(visit.Context, entry, visit.Fault, visit.Dialect.StreamType, null);
            await new DialectStream(exchange, body, stream(body, exchange)).RunAsync();
            return;
        }
        var json = new ArrayBufferWriter<byte>(1024);
        plain(json, exchange);
        if (await WireAnswer.WriteAsync(visit, json, answer.Choices.Count == 0 ? 0 : answer.Choices.Max(choice => choice.Tokens)))
            entry.OutputTokens = answer.OutputTokens;
    }
}
