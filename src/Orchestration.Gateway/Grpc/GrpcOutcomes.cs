using Grpc.Core;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Limits;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Grpc;

/// <summary>Outcomes as gRPC tells them: the value, or the status that stands for it.</summary>
internal static class GrpcOutcomes
{
    /// <exception cref="FailureException">The metadata says it in a form that is not taken.</exception>
    public static ClientAttribution AttributionOrThrow(this HttpContext context, string endUser)
    {
        var (attribution, refused) = ClientAttribution.Read(context.Request.Headers, endUser);
        return attribution ?? throw new FailureException(refused!);
    }

    /// <summary>The request, or its refusal; either way the metadata says how far its limits are.</summary>
    /// <exception cref="FailureException">The request was refused.</exception>
    public static AdmittedRequest RequestOrThrow(this AdmissionOutcome outcome, HttpContext context)
    {
        LimitHeaders.Set(context.Response.Headers, outcome.Limits);
        return outcome is AdmissionOutcome.Admitted admitted ? admitted.Request : throw new FailureException(((AdmissionOutcome.Refused)outcome).Failure);
    }

    /// <exception cref="FailureException">There is no answer.</exception>
    /// <exception cref="RpcException">The caller left before it came.</exception>
    public static TAnswer AnswerOrThrow<TAnswer>(this PlainOutcome<TAnswer>? outcome) where TAnswer : class => outcome switch
    {
        PlainOutcome<TAnswer>.Answered answered => answered.Answer,
        PlainOutcome<TAnswer>.Failed failed => throw new FailureException(failed.Failure),
        _ => throw new RpcException(new Status(StatusCode.Cancelled, "The caller left.")),
    };
}
