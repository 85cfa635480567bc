using DuckDB.NET.Data;

// Runs statements of SQL one after the other, in a database that is gone afterwards: see DuckDbTests.
using DuckDBConnection connection = new("DataSource=:memory:");
connection.Open();
foreach (string statement in args)
{
    using DuckDBCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are those of the tests.
    command.CommandText = statement;
#pragma warning restore CA2100
    using DuckDBDataReader reader = command.ExecuteReader();
    while (reader.Read())
        Console.WriteLine(string.Join('\t', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
}
