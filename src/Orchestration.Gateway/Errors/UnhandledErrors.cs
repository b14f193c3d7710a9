using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Errors;

/// <summary>The last net under every HTTP request: one log line for us, no detail for the client.</summary>
internal sealed partial class UnhandledErrors(RequestDelegate next, GatewayTelemetry telemetry, ILogger<UnhandledErrors> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
            return;
        }
        catch (BadHttpRequestException exception)
        {
            await AnswerAsync(context, FailureOf(exception), exception.StatusCode);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, context.GetRequestIdentity().Text, exception);
            var failure = Failures.Internal();
            telemetry.Refused(failure);
            await AnswerAsync(context, failure, null);
        }
    }

    private static async Task AnswerAsync(HttpContext context, Failure failure, int? status)
    {
        if (context.Response.HasStarted)
        {
            // A proper end would make a broken answer look whole.
            context.Abort();
            return;
        }

        context.Response.Headers.ContentLength = null;
        await context.WriteFailureAsync(failure, status);
    }

    private static Failure FailureOf(BadHttpRequestException exception) => exception.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? new Failure { FailureClass = FailureClass.TooLarge, Code = "request_too_large", Message = "The request body is too large." }
        : Failures.Invalid("bad_request", "The request body could not be read.");

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Request {RequestId} failed")]
        public static partial void Failed(ILogger logger, string requestId, Exception exception);
    }
}
