using Google.Protobuf;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.ServiceDefaults.Failures;

/// <summary>Failures on the wire of gRPC: status plus the trailer "orchestration-failure-bin".</summary>
public static class RpcFailures
{
    /// <summary>Name of the trailer that carries a serialised <see cref="Failure"/>.</summary>
    public const string TrailerName = "orchestration-failure-bin";

    /// <summary>Trailer beside a failure that tells what the attempts of the request took.</summary>
    public const string SummaryTrailerName = "orchestration-summary-bin";

    // Trailers are headers, and header sections are bounded by both sides.
    private const int MaxMessageLength = 1_000;

    /// <summary>The failure behind an exception of a call; one made from the status when the trailer is missing.</summary>
    public static Failure GetFailure(this RpcException exception) =>
        ReadTrailer(exception.Trailers) ?? exception.Status.ToFailure();

    /// <summary>The exception that tells a failure to a gRPC caller.</summary>
    public static RpcException ToRpcException(this Failure failure)
    {
        var told = failure;
        if (told.Message.Length > MaxMessageLength)
        {
            told = failure.Clone();
            told.Message = told.Message[..MaxMessageLength];
        }

        var trailers = new Metadata { { TrailerName, told.ToByteArray() } };
        return new RpcException(new Status(told.FailureClass.ToStatusCode(), told.Message), trailers);
    }

    internal static bool HasFailure(this RpcException exception) => ReadTrailer(exception.Trailers) is not null;

    private static Failure? ReadTrailer(Metadata trailers)
    {
        if (trailers.GetValueBytes(TrailerName) is not { } bytes)
        {
            return null;
        }

        try
        {
            return Failure.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
