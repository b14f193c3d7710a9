using Npgsql;
using Orchestration.Gateway.Idempotency;
using Pgvector;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>Entries and samples in the database. Tenant and partition stand in every key and every predicate; texts and answers are encrypted.</summary>
internal sealed class SemanticStore(NpgsqlDataSource dataSource, AnswerSeal seal)
{
    private const string Nearest = """
        SELECT entry_id, question, (1 - (embedding <=> $3))::real
        FROM semantic_entries
        WHERE tenant_id = $1 AND partition = $2 AND expires_at > now() AND made_at >= $4
        ORDER BY embedding <=> $3 LIMIT $5
        """;

    private const string Answer = "SELECT answer FROM semantic_entries WHERE tenant_id = $1 AND partition = $2 AND entry_id = $3 AND expires_at > now()";

    private const string Keep = """
        INSERT INTO semantic_entries (tenant_id, partition, entry_id, project_id, route, made_at, expires_at, embedding, question, answer)
        VALUES ($1, $2, $3, $4, $5, now(), now() + $6, $7, $8, $9) ON CONFLICT DO NOTHING
        """;

    private const string Trim = """
        DELETE FROM semantic_entries WHERE tenant_id = $1 AND partition = $2 AND entry_id IN (
            SELECT entry_id FROM semantic_entries WHERE tenant_id = $1 AND partition = $2 ORDER BY entry_id DESC OFFSET $3)
        """;

    private const string Record = """
        INSERT INTO semantic_samples (tenant_id, partition, request_id, project_id, route, at, similarity, agreed, content)
        VALUES ($1, $2, $3, $4, $5, now(), $6, $7, $8) ON CONFLICT DO NOTHING
        """;

    private const string TrimSamples = """
        DELETE FROM semantic_samples WHERE tenant_id = $1 AND partition = $2 AND request_id IN (
            SELECT request_id FROM semantic_samples WHERE tenant_id = $1 AND partition = $2 ORDER BY at DESC OFFSET $3)
        """;

    private const string Samples = """
        SELECT request_id, content, agreed, at FROM semantic_samples
        WHERE tenant_id = $1 AND partition = $2 AND agreed IS NOT NULL ORDER BY at DESC LIMIT $3
        """;

    private const string Fresh = "SELECT count(*) FROM semantic_samples WHERE tenant_id = $1 AND partition = $2 AND agreed IS NOT NULL AND at > $3";

    // To look for what is too much costs more than a little too much.
    private const int TrimOneIn = 32;

    /// <summary>The entries nearest to a vector, the nearest first.</summary>
    public async Task<List<Neighbour>> NearestAsync(SemanticPartition partition, float[] vector, DateTimeOffset madeSince, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Nearest);
        Add(command, partition.TenantId, partition.Bytes, Half(vector), madeSince.ToUniversalTime(), SemanticDecision.MostNeighbours);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var near = new List<Neighbour>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetGuid(0);
            if (seal.Open(partition.TenantId, QuestionPlace(partition, id), reader.GetFieldValue<byte[]>(1)) is { } bytes
                && KeptQuestion.Parse(bytes) is { } kept && QuestionText.Read(kept.Question) is { } question)
                near.Add(new Neighbour(id, question, new AnswerGist(kept.Answer), reader.GetFloat(2)));
        }

        return near;
    }

    /// <summary>The answer of an entry; null when it is gone or cannot be read.</summary>
    public async Task<CachedAnswer?> AnswerAsync(SemanticPartition partition, Guid id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Answer);
        Add(command, partition.TenantId, partition.Bytes, id);
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] content && seal.Open(partition.TenantId, AnswerPlace(partition, id), content) is { } bytes
            ? CachedAnswer.Parse(bytes)
            : null;
    }

    /// <summary>Keeps an answer, and of its partition the newest so many.</summary>
    public async Task KeepAsync(SemanticLook look, CachedAnswer answer, string text, CancellationToken cancellationToken)
    {
        var (partition, id) = (look.Partition, look.RequestId);
        var question = seal.Seal(partition.TenantId, QuestionPlace(partition, id), new KeptQuestion(look.Asked.Text, text).ToBytes());
        var content = seal.Seal(partition.TenantId, AnswerPlace(partition, id), answer.ToBytes());
        await using var batch = dataSource.CreateBatch();
        Add(batch, Keep, partition.TenantId, partition.Bytes, id, partition.ProjectId, partition.Route, look.Rules.Ttl.ToTimeSpan(), Half(look.Vector), question, content);
        if (IsTurnToTrim(id))
            Add(batch, Trim, partition.TenantId, partition.Bytes, look.Rules.MaxEntries);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Writes down what became of a candidate; null when nobody knows yet.</summary>
    public async Task RecordAsync(SemanticLook look, Candidate candidate, bool? agreed, CancellationToken cancellationToken)
    {
        var (partition, id) = (look.Partition, look.RequestId);
        var content = seal.Seal(partition.TenantId, SamplePlace(partition, id), KeptSample.Of(look.Asked, candidate).ToBytes());
        await using var batch = dataSource.CreateBatch();
        Add(
            batch, Record, partition.TenantId, partition.Bytes, id, partition.ProjectId, partition.Route, candidate.Similarity, agreed is { } known ? known : DBNull.Value, content);
        if (IsTurnToTrim(id))
            Add(batch, TrimSamples, partition.TenantId, partition.Bytes, Evidence.Most);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The newest samples, oldest first, and when the newest was written or judged.</summary>
    public async Task<(List<ShadowSample> Samples, DateTimeOffset Newest)> SamplesAsync(SemanticPartition partition, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Samples);
        Add(command, partition.TenantId, partition.Bytes, Evidence.Most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (samples, newest) = (new List<ShadowSample>(), DateTimeOffset.UnixEpoch);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (id, at) = (reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(3));
            newest = at > newest ? at : newest;
            if (seal.Open(partition.TenantId, SamplePlace(partition, id), reader.GetFieldValue<byte[]>(1)) is { } bytes && KeptSample.Parse(bytes, reader.GetBoolean(2)) is { } sample)
                samples.Add(sample);
        }

        samples.Reverse();
        return (samples, newest);
    }

    /// <summary>How many samples were written or judged since.</summary>
    public async Task<int> FreshAsync(SemanticPartition partition, DateTimeOffset newest, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Fresh);
        Add(command, partition.TenantId, partition.Bytes, newest);
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static bool IsTurnToTrim(Guid id) => id.ToByteArray(bigEndian: true)[^1] % TrimOneIn == 0;

    private static string QuestionPlace(SemanticPartition partition, Guid id) => $"semantic-question/{partition.Fingerprint}/{id:D}";

    private static string AnswerPlace(SemanticPartition partition, Guid id) => $"semantic-answer/{partition.Fingerprint}/{id:D}";

    private static string SamplePlace(SemanticPartition partition, Guid id) => $"semantic-sample/{partition.Fingerprint}/{id:D}";

    private static HalfVector Half(float[] vector) => new(Array.ConvertAll(vector, value => (Half)value));

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }
}
