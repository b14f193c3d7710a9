using System.Buffers.Binary;
using Google.Protobuf;
using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Http;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Idempotency.Calls;

/// <summary>
/// Collects the messages of a call: each behind its length in four bytes, big-endian. The failure that a call ended in is the last one,
/// behind the complement of its length.
/// </summary>
internal sealed class MessageRecorder(RunningAnswer answer, HttpContext context)
{
    /// <summary>True when a message said that the answer failed.</summary>
    public bool HasFailed { get; private set; }

    public void Add(object message)
    {
        HasFailed |= message is ChatEvent { EventCase: ChatEvent.EventOneofCase.Error };
        Append((IMessage)message, isFailure: false);
    }

    /// <summary>The call ended in a failure; returns how that is kept.</summary>
    public RecordedEnd Fail(Failure failure)
    {
        Append(failure, isFailure: true);
        return failure.FailureClass.ToStatusCode() is StatusCode.InvalidArgument or StatusCode.Unauthenticated or StatusCode.PermissionDenied
            or StatusCode.NotFound or StatusCode.ResourceExhausted or StatusCode.Aborted
            ? RecordedEnd.Refused
            : RecordedEnd.Failed;
    }

    private void Append(IMessage message, bool isFailure)
    {
        answer.Begin(new AnswerHead(
            StatusCodes.Status200OK, new Dictionary<string, string> { [ResponseHeaders.RequestId] = context.GetRequestIdentity().Text }));
        var length = message.CalculateSize();
        var bytes = new byte[sizeof(int) + length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, isFailure ? ~length : length);
        message.WriteTo(bytes.AsSpan(sizeof(int)));
        answer.TryAppend(bytes);
    }
}
