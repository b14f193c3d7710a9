using Grpc.Core;

namespace Orchestration.Gateway.Idempotency.Calls;

/// <summary>Marks a call whose answer is kept for who asks again: it runs to its end without its client.</summary>
internal sealed class KeyedCall
{
    public static readonly KeyedCall Instance = new();

    private KeyedCall()
    {
    }
}

internal static class KeyedCallExtensions
{
    /// <summary>Cancelled when nobody will ever want the answer: never for a call with a key, else when its client leaves.</summary>
    public static CancellationToken Deserted(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<KeyedCall>() is null ? context.CancellationToken : CancellationToken.None;
}
