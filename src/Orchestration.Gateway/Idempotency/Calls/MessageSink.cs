using System.Buffers.Binary;
using Google.Protobuf;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Http;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Idempotency.Calls;

/// <summary>A twin's answer as messages of a gRPC call.</summary>
/// <param name="context">The call.</param>
/// <param name="deliver">Takes each message.</param>
internal sealed class MessageSink<TMessage>(ServerCallContext context, Func<TMessage, Task> deliver) : IAnswerSink
    where TMessage : class
{
    private byte[] _rest = [];

    public bool HasBegun { get; private set; }

    public CancellationToken ClientGone => context.CancellationToken;

    public async Task SendAsync(AnswerHead head, ReadOnlyMemory<byte> bytes)
    {
        if (!HasBegun)
            Begin(head);
        byte[] known = [.. _rest, .. bytes.Span];
        var offset = 0;
        while (Next(known, offset) is { } next)
        {
            var message = known.AsMemory(offset + sizeof(int), next.Length);
            if (next.IsFailure)
                throw new FailureException(Failure.Parser.ParseFrom(message.Span));
            await deliver(Parse(message.Span));
            offset += sizeof(int) + next.Length;
        }

        _rest = known[offset..];
    }

    // A call may end in a failure behind any message.
    public Failure? BreakOff(Failure failure) => failure;

    private void Begin(AnswerHead head)
    {
        HasBegun = true;
        var headers = context.GetHttpContext().Response.Headers;
        headers[IdempotencyKey.ReplayedHeader] = "true";
        if (head.Headers.TryGetValue(ResponseHeaders.RequestId, out var requestId))
            headers[ResponseHeaders.RequestId] = requestId;
    }

    /// <summary>The message that begins here; null when not all of it is there.</summary>
    private static (int Length, bool IsFailure)? Next(byte[] bytes, int offset)
    {
        if (bytes.Length - offset < sizeof(int))
            return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(offset));
        var isFailure = length < 0;
        length = isFailure ? ~length : length;
        return bytes.Length - offset - sizeof(int) >= length ? (length, isFailure) : null;
    }

    private static TMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var message = Activator.CreateInstance<TMessage>();
        ((IMessage)message).MergeFrom(bytes);
        return message;
    }
}
