using System.Buffers;
using Orchestration.Simulator.Chat.Templates;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat;

/// <summary>Sends an answer as one JSON object.</summary>
internal static class PlainAnswer
{
    public static async Task WriteAsync(ChatExchange exchange)
    {
        var left = exchange.Context.RequestAborted;
        var json = new ArrayBufferWriter<byte>(1024);
        exchange.Wire.Whole.Write(json, new AnswerSlots(exchange) { Whole = true, Usage = true });
        var longest = exchange.Answer.Choices.Max(choice => choice.Tokens);
        var delay = exchange.Pace.Until(longest);
        var interval = TimeSpan.FromMilliseconds(exchange.Shape.KeepAliveMs);
        var queues = interval > TimeSpan.Zero && delay > interval && !exchange.Wire.CommentFirst;
        var body = FaultResponses.OpenBody(
            exchange.Context, exchange.Entry, exchange.Fault, WireHeaders.Json, queues ? null : json.WrittenCount);
        for (; delay > TimeSpan.Zero; delay = exchange.Pace.Until(longest))
        {
            if (!await exchange.Pace.WaitAsync(queues && interval < delay ? interval : delay, left))
            {
                exchange.Entry.GeneratedTokens = exchange.Pace.TokensDone(longest);
                return;
            }
            if (!queues)
                continue;
            // A queued answer begins with empty lines.
            body.Write("\n"u8);
            if (!await body.FlushAsync(left))
                return;
        }
        exchange.Entry.OutputTokens = exchange.Answer.OutputTokens;
        body.Write(json.WrittenSpan);
        await body.CompleteAsync(left);
    }
}
