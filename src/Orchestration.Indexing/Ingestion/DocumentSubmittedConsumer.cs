using System.Diagnostics;
using MassTransit;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Indexing.Extraction;

namespace Orchestration.Indexing.Ingestion;

/// <summary>Writes a job row and nothing more; the work is the workers'. Whose document it is says the token alone.</summary>
internal sealed partial class DocumentSubmittedConsumer(
    IngestionTokens tokens, DocumentIntake intake, ILogger<DocumentSubmittedConsumer> logger) : IConsumer<DocumentSubmitted>
{
    public async Task Consume(ConsumeContext<DocumentSubmitted> context)
    {
        var message = context.Message;
        if (tokens.Verify(message.IngestionToken) is not { } grant)
        {
            Log.TokenRefused(logger, context.MessageId);
            return;
        }

        var submission = new DocumentSubmission(grant.TenantId, grant.Collection, message.DocumentId, message.Title, message.Text)
        {
            File = message.File is { } bytes ? new SourceFile(bytes, message.FileName, message.MediaType) : null,
            Priority = PriorityOf(message.Priority),
            SentAt = context.SentTime is { } sent ? new DateTimeOffset(DateTime.SpecifyKind(sent, DateTimeKind.Utc)) : null,
        };
        var result = await intake.SubmitAsync(submission, message.TraceParent ?? Activity.Current?.Id, context.CancellationToken);
        if (result is IntakeResult.Rejected rejected)
            Log.DocumentRefused(logger, context.MessageId, rejected.Param, rejected.Message);
        else if (result is IntakeResult.Deleted)
            Log.DocumentDeleted(logger, context.MessageId);
    }

    private static DocumentPriority PriorityOf(string? name) => name switch
    {
        "low" => DocumentPriority.Low,
        "high" => DocumentPriority.High,
        _ => DocumentPriority.Normal,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} brings a document with a forged or expired token; it is dropped.")]
        public static partial void TokenRefused(ILogger logger, Guid? messageId);

        [LoggerMessage(Level = LogLevel.Information, Message = "Message {MessageId} brings a document that was deleted after it was sent; it is dropped.")]
        public static partial void DocumentDeleted(ILogger logger, Guid? messageId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} brings a document that cannot be accepted ({Member}): {Reason}")]
        public static partial void DocumentRefused(ILogger logger, Guid? messageId, string member, string reason);
    }
}
