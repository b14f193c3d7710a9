using System.Buffers;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes failures as OpenAI error bodies.</summary>
public static class OpenAIErrorEncoder
{
    /// <summary>Writes <c>{"error":{"message","type","param","code"},"request_id"}</c>.</summary>
    public static void Write(IBufferWriter<byte> output, Failure failure, string requestId) => throw new NotImplementedException();

    /// <summary>HTTP status of a failure that is told before the answer began.</summary>
    public static int HttpStatus(Failure failure) => throw new NotImplementedException();

    /// <summary>OpenAI's error type for a failure, for example "invalid_request_error".</summary>
    public static string ErrorType(Failure failure) => throw new NotImplementedException();
}
