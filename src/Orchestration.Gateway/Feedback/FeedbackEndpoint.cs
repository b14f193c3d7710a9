using System.Text.Json;
using System.Text.Json.Serialization;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Http;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Feedback;

/// <summary><c>POST /v1/feedback</c>: what a tenant says of one of its own requests.</summary>
internal sealed class FeedbackEndpoint(FeedbackService.FeedbackServiceClient ledger, InternalCalls calls, IOptions<GatewayOptions> options)
{
    private const int LargestBody = 4 * 1024;
    private const string Purpose = "chat";

    public async Task HandleAsync(HttpContext context)
    {
        if (await JsonBody.DecodeAsync<FeedbackBody>(context, LargestBody, Decode) is not { } body)
            return;
        try
        {
            var tenantId = context.GetCaller().TenantId;
            var given = await ledger.GiveFeedbackAsync(RequestOf(body, tenantId), calls.For(tenantId, Purpose, options.Value.QueryTimeout, context.RequestAborted));
            await WriteAsync(context, given);
        }
        catch (RpcException exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            await context.WriteFailureAsync(FailureOf(exception));
        }
    }

    private static GiveFeedbackRequest RequestOf(FeedbackBody body, string tenantId)
    {
        var request = new GiveFeedbackRequest { TenantId = tenantId, RequestId = body.RequestId, Outcome = body.Outcome ?? "" };
        if (body.Rating is { } rating)
            request.Rating = rating;
        return request;
    }

    // The ledger tells what the tenant's own input lacks; everything else is ours.
    private static Failure FailureOf(RpcException exception)
    {
        if (exception.StatusCode is not (StatusCode.NotFound or StatusCode.InvalidArgument))
            return exception.ToClientFailure();
        var failure = exception.GetFailure();
        // A request that has just ended is in the ledger within seconds.
        failure.Retryable = exception.StatusCode == StatusCode.NotFound;
        return failure;
    }

    private static async Task WriteAsync(HttpContext context, Contracts.Metrics.V1.Feedback given)
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("object"u8, "feedback"u8);
            writer.WriteString("request_id"u8, given.RequestId);
            FeedbackWriter.WriteMembers(writer, given);
            writer.WriteEndObject();
        }

        await context.Response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static (FeedbackBody?, Failure?) Decode(ReadOnlyMemory<byte> body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body.Span, FeedbackJsonContext.Default.FeedbackBody) is { } parsed)
                return (parsed, null);
        }
        catch (JsonException)
        {
            // Its message may quote the body.
        }

        return (null, Failures.Invalid("invalid_json", "The body is a JSON object with request_id and rating, outcome or both."));
    }
}

/// <summary>Body of <c>POST /v1/feedback</c>.</summary>
internal sealed record FeedbackBody
{
    public required string RequestId { get; init; }

    public double? Rating { get; init; }

    public string? Outcome { get; init; }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 8,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(FeedbackBody))]
internal sealed partial class FeedbackJsonContext : JsonSerializerContext;
