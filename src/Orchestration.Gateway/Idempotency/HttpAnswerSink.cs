using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Gateway.Idempotency;

/// <summary>A twin's answer as an HTTP response.</summary>
internal sealed class HttpAnswerSink(HttpContext context) : IAnswerSink
{
    public bool HasBegun => context.Response.HasStarted;

    public CancellationToken ClientGone => context.RequestAborted;

    public async Task SendAsync(AnswerHead head, ReadOnlyMemory<byte> bytes)
    {
        if (!HasBegun)
            head.Apply(context.Response);
        await context.Response.Body.WriteAsync(bytes, ClientGone);
        await context.Response.Body.FlushAsync(ClientGone);
    }

    // A proper end would make a broken answer look whole.
    public Failure? BreakOff(Failure failure)
    {
        if (!HasBegun)
            return failure;
        context.Abort();
        return null;
    }
}
